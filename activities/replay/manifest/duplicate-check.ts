import type { DoubledPartition } from '../plan/replay-plan.ts';
import type { FileFacts } from '../../../layouts/archive-layout.ts';

/**
 * A failed run leaves its files and may not have advanced its offsets, so the next run archives the same records
 * again. What a run archived lies between the offsets of the execution before and its own; where the COUNTs in the
 * names of the files that end there add up to more, some of their records are there twice.
 */
export class DuplicateCheck {
  /** Offsets after each known execution, ascending, by partition. */
  readonly #boundaries: ReadonlyMap<string, readonly bigint[]>;
  readonly #records = new Map<string, bigint[]>();

  constructor(boundaries: Record<string, readonly string[]>) {
    this.#boundaries = new Map(
      Object.entries(boundaries).map(([partition, offsets]) => [partition, offsets.map(BigInt)]),
    );
  }

  add(partition: string, { count, nextOffset, offsetsCountRecords }: FileFacts): void {
    const boundaries = this.#boundaries.get(partition);
    if (!offsetsCountRecords || count === undefined || nextOffset === undefined || boundaries === undefined) return;
    const run = boundaries.findIndex((end) => nextOffset <= end);
    if (run < 0) return;
    const records = this.#records.get(partition) ?? boundaries.map(() => 0n);
    records[run] = (records[run] ?? 0n) + BigInt(count);
    this.#records.set(partition, records);
  }

  /** A line for each partition that holds records twice. */
  remarks(): string[] {
    return this.doubled().map(({ partition, runs }) => {
      const twice = runs.map(
        ({ records, fromOffset, toOffset }) => `${records} records for the offsets ${fromOffset} to ${toOffset}`,
      );
      return `partition ${partition} has ${twice.join(', ')}`;
    });
  }

  /** Partitions that hold records twice, with the first few runs that archived more than they have offsets. */
  doubled(): DoubledPartition[] {
    return [...this.#records].flatMap(([partition, records]) => {
      const boundaries = this.#boundaries.get(partition) ?? [];
      const runs = records.flatMap((count, run) => {
        // Before the oldest known execution only the offsets themselves bound the number of records.
        const [from, to] = [boundaries[run - 1] ?? 0n, boundaries[run] ?? 0n];
        if (count <= to - from) return [];
        return [{ records: count.toString(), fromOffset: from.toString(), toOffset: (to - 1n).toString() }];
      });
      return runs.length === 0 ? [] : [{ partition, runs: runs.slice(0, 5) }];
    });
  }
}
