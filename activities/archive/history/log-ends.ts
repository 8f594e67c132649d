import { partitionName } from '../../log/partition-name.ts';
import type { RunPlan } from '../plan/plan-file.ts';

/** Where logs end, as the plan of a run has found them. */
export class LogEnds {
  readonly #ends = new Map<string, bigint>();
  readonly #troubled: ReadonlySet<string>;

  constructor({ partitions, problems }: Pick<RunPlan, 'partitions' | 'problems'>) {
    for (const { topic, partition, earliest, latest } of partitions)
      // Of one that is only carried over it has the stored offset.
      if (earliest !== undefined) this.#ends.set(partitionName(topic, partition), BigInt(latest));
    this.#troubled = new Set(problems.map(({ topic }) => topic));
  }

  /** Of a partition that is not in Kafka it is 0; undefined where nobody tells now, since its leader is away. */
  of(topic: string, partition: number): bigint | undefined {
    return this.#ends.get(partitionName(topic, partition)) ?? (this.#troubled.has(topic) ? undefined : 0n);
  }
}
