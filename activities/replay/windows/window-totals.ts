import { z } from 'zod';
import { compareInt64, int64ToBigInt } from '../../../formats/int64.ts';
import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { DecodedCounts, SkippedByFault, TimesOutOfRange } from '../steps.ts';
import { sumStrays, type StrayTimes } from '../record/stray-times.ts';
import { chained } from '../decode/records-checksum.ts';
import type { RunsCounts, SplitCounts } from '../decode/split-decoder.ts';
import { straysShape, timesShape } from '../stored-shapes.ts';
import type { DecodedWindowRecords } from './decoded-window.ts';
import type { Window } from './window-planner.ts';

/** More are not kept of a job: files of one kind have the same, and a result stays small. */
const MAX_REMARKS = 20;

/**
 * What became of the records of a job's windows from the first one up to one of them: the same in every attempt, since it
 * depends on the manifest alone. It is in staging before a record of that window is published, so whoever goes on knows
 * how many records come before.
 */
export interface WindowTotals extends DecodedCounts {
  window: number;
  /** Splits that were decoded. */
  splits: number;
  estimated: number;
  timeUnits: string[];
  strays?: StrayTimes;
  outOfRangeTimes?: TimesOutOfRange;
  remarks: string[];
  bytesRead: string;
  /** Of each partition of the replay topic. */
  partitionRecords: number[];
  largestBody: number;
  /**
   * Over the records of all these windows behind the last one that has none: one that was sorted in staging, or that a
   * worker has decoded which knew none.
   */
  checksum?: number;
  /** Times as they stand in the records; undefined before the first. */
  firstTime?: string;
  lastTime?: string;
}

const count = z.int().min(0);
const int64 = z.string().regex(/^-?\d+$/);

/** `sorted/window-N.json`. */
export const windowTotalsShape: z.ZodType<WindowTotals> = z.looseObject({
  window: count,
  splits: count,
  read: count,
  kept: count,
  outOfRange: count,
  filtered: count,
  skipped: count,
  skippedBy: z.record(z.string(), count),
  estimated: count,
  clamped: count,
  timeUnits: z.array(z.string()),
  strays: straysShape.exactOptional(),
  outOfRangeTimes: timesShape.exactOptional(),
  remarks: z.array(z.string()),
  bytesRead: int64,
  partitionRecords: z.array(count),
  largestBody: count,
  checksum: count.exactOptional(),
  firstTime: int64.exactOptional(),
  lastTime: int64.exactOptional(),
});

/** Before the first window. */
export function noTotals(): WindowTotals {
  return {
    window: -1,
    splits: 0,
    read: 0,
    kept: 0,
    outOfRange: 0,
    filtered: 0,
    skipped: 0,
    skippedBy: {},
    estimated: 0,
    clamped: 0,
    timeUnits: [],
    remarks: [],
    bytesRead: '0',
    partitionRecords: [],
    largestBody: 0,
    checksum: 0,
  };
}

/** What is added of a window; a split has no checksum where it is sorted in staging. */
interface WindowCounts {
  window: Window;
  splits: readonly (SplitCounts & Pick<RunsCounts, 'partitionRecords' | 'largestBody'> & { checksum?: number })[];
  runs: readonly Pick<DecodedWindowRecords['runs'][number], 'section'>[];
}

/** Those of one window more. */
export function withWindow(before: WindowTotals, { window, splits, runs }: WindowCounts): WindowTotals {
  const totals = structuredClone(before);
  totals.window = window.number;
  for (const split of splits) addSplit(totals, split);
  totals.bytesRead = (BigInt(before.bytesRead) + BigInt(window.bytes)).toString();
  const checksums = splits.flatMap(({ checksum }) => checksum ?? []);
  if (checksums.length === splits.length) totals.checksum = chained(before.checksum ?? 0, checksums);
  else delete totals.checksum;
  const keys = runs.flatMap(({ section }) => (section === undefined ? [] : [section]));
  const first = keys.map((section) => section.first).reduce(earlier, undefined);
  const last = keys.map((section) => section.last).reduce(later, undefined);
  if (first !== undefined) totals.firstTime ??= timeText(first);
  if (last !== undefined) totals.lastTime = timeText(last);
  return totals;
}

function addSplit(totals: WindowTotals, split: WindowCounts['splits'][number]): void {
  totals.splits += 1;
  totals.read += split.read;
  totals.kept += split.kept;
  totals.outOfRange += split.outOfRange;
  totals.filtered += split.filtered;
  totals.skipped += split.skipped;
  totals.estimated += split.estimated;
  totals.clamped += split.clamped;
  for (const [fault, records] of Object.entries(split.skippedBy) as [keyof SkippedByFault, number][])
    totals.skippedBy[fault] = (totals.skippedBy[fault] ?? 0) + records;
  if (split.timeUnit !== undefined && !totals.timeUnits.includes(split.timeUnit)) totals.timeUnits.push(split.timeUnit);
  const strays = sumStrays([totals.strays, split.strays].filter((one) => one !== undefined));
  if (strays !== undefined) totals.strays = strays;
  const [known, out] = [totals.outOfRangeTimes, split.outOfRangeTimes];
  if (out !== undefined)
    totals.outOfRangeTimes =
      known === undefined ? out : { from: Math.min(known.from, out.from), to: Math.max(known.to, out.to) };
  for (const remark of split.remarks ?? [])
    if (totals.remarks.length < MAX_REMARKS && !totals.remarks.includes(remark)) totals.remarks.push(remark);
  split.partitionRecords.forEach(
    (records, partition) => (totals.partitionRecords[partition] = (totals.partitionRecords[partition] ?? 0) + records),
  );
  totals.largestBody = Math.max(totals.largestBody, split.largestBody);
}

function earlier(a: SortKey | undefined, b: SortKey): SortKey {
  return a === undefined || compareInt64(b.timeHi, b.timeLo, a.timeHi, a.timeLo) < 0 ? b : a;
}

function later(a: SortKey | undefined, b: SortKey): SortKey {
  return a === undefined || compareInt64(b.timeHi, b.timeLo, a.timeHi, a.timeLo) > 0 ? b : a;
}

function timeText({ timeHi, timeLo }: SortKey): string {
  return int64ToBigInt(timeHi, timeLo).toString();
}
