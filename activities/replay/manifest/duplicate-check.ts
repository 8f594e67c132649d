import type { DoubledPartition } from '../plan/replay-plan.ts';
import type { FileFacts } from '../../../layouts/archive-layout.ts';
import { RunRecords, type RunOfPartition } from './run-records.ts';

/**
 * A failed run leaves its files and may not have advanced its offsets, so the next run archives the same records
 * again. What a run archived lies between the offsets of the execution before and its own; where the COUNTs in the
 * names of the files that end there add up to more, some of their records are there twice.
 */
export class DuplicateCheck {
  readonly #records: RunRecords;

  constructor(boundaries: Record<string, readonly string[]>, records = new RunRecords(boundaries)) {
    this.#records = records;
  }

  add(partition: string, facts: FileFacts): void {
    this.#records.add(partition, facts);
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
    const doubled = new Map<string, RunOfPartition[]>();
    // Before the oldest known execution only the offsets themselves bound the number of records.
    for (const run of this.#records.runs())
      if (run.records > run.to - run.from) doubled.set(run.partition, [...(doubled.get(run.partition) ?? []), run]);
    return [...doubled].map(([partition, runs]) => ({
      partition,
      runs: runs.slice(0, 5).map(({ records, from, to }) => ({
        records: records.toString(),
        fromOffset: from.toString(),
        toOffset: (to - 1n).toString(),
      })),
    }));
  }
}
