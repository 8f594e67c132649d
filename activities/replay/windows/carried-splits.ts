import type { EntryOrigin } from '../../../formats/sorted/file/sorted-entry.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import { RunCursor } from '../../../formats/sorted/merge/run-cursor.ts';
import { entriesBefore, summaryOf, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { PartitionRuns } from '../merge/offset-runs.ts';
import type { DecodedWindowRecords } from './decoded-window.ts';

/** A split that is decoded, sorted by offsets. */
export interface DecodedSplit {
  /** Number of the window that it is of. */
  window: number;
  runs: { run: SortedRun; origin: EntryOrigin }[];
  /** Which offsets it has; undefined where it has one twice, or in too many pieces. */
  offsets: PartitionRuns[] | undefined;
}

/** Offsets, `to` exclusive, without an end where infinite. */
export interface OffsetSpan {
  from: number;
  to: number;
}

/** The splits of windows that are behind, as far as they have records of windows to come. */
export class CarriedSplits {
  #splits: DecodedSplit[] = [];
  #bytes = 0;

  /** Bytes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is carried, and the splits of the window that comes next. */
  with(records: DecodedWindowRecords): DecodedSplit[] {
    return [...this.#splits, ...splitsOf(records)];
  }

  /**
   * Carries those of the splits that have records from an offset on, in place of what was carried before. Gives the runs
   * that have none.
   */
  carry(splits: readonly DecodedSplit[], from: number): SortedRun[] {
    this.#splits = reaching(splits, from).map((split) => ({ ...split, runs: split.runs.filter(has(from)) }));
    this.#bytes = this.#splits.reduce((sum, { runs }) => runs.reduce((of, { run }) => of + run.bytes, sum), 0);
    return splits.flatMap(({ runs }) => runs.filter((of) => !has(from)(of)).map(({ run }) => run));
  }
}

/** The splits that have records from an offset on. */
export function reaching(splits: readonly DecodedSplit[], from: number): DecodedSplit[] {
  return splits.filter(({ runs }) => runs.some(has(from)));
}

/** What splits have of a span of offsets, to be merged. */
export function sectionsOfSpan(splits: readonly DecodedSplit[], { from, to }: OffsetSpan): MergeSection[] {
  return splits.flatMap(({ window, runs }) =>
    runs.flatMap(({ run, origin }) => {
      const places = { from: entriesBefore(run, from), to: entriesBefore(run, to) };
      const section = summaryOf(run, places);
      if (section === undefined) return [];
      const name = `window ${window + 1}, split ${run.split}`;
      return [{ ...section, name, open: async () => new RunCursor(run, origin, places) }];
    }),
  );
}

function has(from: number): (of: { run: SortedRun }) => boolean {
  return ({ run }) => entriesBefore(run, from) < run.count;
}

function splitsOf({ window, splits, runs }: DecodedWindowRecords): DecodedSplit[] {
  return splits.map(({ offsets }, index) => {
    const number = window.splits?.[index];
    return { window: window.number, offsets, runs: runs.filter(({ run }) => run.split === number) };
  });
}
