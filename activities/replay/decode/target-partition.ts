import { partitionOfKey } from '../../../connections/kafka/publish/murmur2.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Tells of each record into which partition of the replay topic the job puts it. */
export class TargetPartition {
  readonly #how: ReplayJob['output']['partitions'];
  /** Partitions of the replay topic. */
  readonly #partitions: number;

  constructor({ output }: Pick<ReplayJob, 'output'>, partitions: number) {
    this.#how = output.partitions;
    this.#partitions = partitions;
  }

  /**
   * @param key - [start, end) of it; undefined for none
   * @param told - partition of the source topic, as the record tells; negative where it doesn't
   * @param named - the same, as the name of its file tells
   */
  of(key: Uint8Array | undefined, start: number, end: number, told: number, named: number | undefined): number {
    if (this.#how === 'one') return 0;
    if (this.#how === 'source') return told >= 0 ? told : (named ?? 0);
    if (key !== undefined) return partitionOfKey(this.#partitions, key, start, end);
    // Without a key Kafka's own partitioner would choose at random; a replay is the same every time.
    return told >= 0 ? told % this.#partitions : 0;
  }
}
