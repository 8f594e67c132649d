import { roundedTime, type SortKey } from '../file/sort-key.ts';
import type { SectionSummary } from '../file/sorted-section.ts';

/**
 * What a sort buffer held, in order, with memory of its own: records of one split that one thread hands to another
 * without a copy. Columns are in the order of the commits; `order` has the place of each entry in them.
 */
export interface SortedRun {
  split: number;
  count: number;
  bodies: Uint8Array;
  timeHi: Int32Array<ArrayBuffer>;
  timeLo: Uint32Array<ArrayBuffer>;
  sequence: Uint32Array<ArrayBuffer>;
  file: Uint32Array<ArrayBuffer>;
  partition: Uint32Array<ArrayBuffer>;
  /** Where each body ends in `bodies`; it begins where the one before ends. */
  ends: Uint32Array<ArrayBuffer>;
  order: Uint32Array<ArrayBuffer>;
  /** Bytes that are in use. */
  bytes: number;
  /** Bytes of the largest body. */
  largestBody: number;
}

/** The memory of a run, to be moved to another thread. */
export function memoryOf(run: SortedRun): ArrayBuffer[] {
  const { bodies, timeHi, timeLo, sequence, file, partition, ends, order } = run;
  return [bodies, timeHi, timeLo, sequence, file, partition, ends, order].map(({ buffer }) => buffer as ArrayBuffer);
}

/** Bytes of that memory, whether they are in use or not. */
export function memoryBytes(run: SortedRun): number {
  return memoryOf(run).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The same of several. */
export function memoryOfRuns(runs: readonly SortedRun[]): number {
  return runs.reduce((sum, run) => sum + memoryBytes(run), 0);
}

/** Key of the entry at a place of the order. */
export function keyAt(run: SortedRun, place: number): SortKey {
  const index = run.order[place]!;
  return {
    timeHi: run.timeHi[index]!,
    timeLo: run.timeLo[index]!,
    split: run.split,
    sequence: run.sequence[index]!,
  };
}

/** First and last key of a part, by default of all, and the number of entries; undefined for a part without any. */
export function summaryOf(
  run: SortedRun,
  { from, to }: { from: number; to: number } = { from: 0, to: run.count },
): Pick<SectionSummary, 'first' | 'last' | 'records'> | undefined {
  if (from >= to) return undefined;
  return { first: keyAt(run, from), last: keyAt(run, to - 1), records: to - from };
}

/** Entries that are sorted before a time (or what sorts in its place), which is a whole number up to 2^53 or infinite. */
export function entriesBefore(run: SortedRun, time: number): number {
  let [low, high] = [0, run.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const index = run.order[middle]!;
    if (roundedTime(run.timeHi[index]!, run.timeLo[index]!) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
