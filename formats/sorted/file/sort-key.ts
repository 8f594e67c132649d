import { FormatError } from '../../format-error.ts';
import { compareInt64, int64FromBigInt, int64ToBigInt } from '../../int64.ts';

/**
 * Where a record stands in the one sequence of a job: by time, then by the split's number in the manifest, then by
 * the record's number in the split. No two records of a job have the same key.
 */
export interface SortKey {
  /** Signed upper half of the record time. */
  timeHi: number;
  /** Unsigned lower half of the record time. */
  timeLo: number;
  split: number;
  /** Number of the record in its split, in decode order, from 0. */
  sequence: number;
}

/** Negative, zero or positive, as for `Array.sort`. */
export function compareSortKeys(a: SortKey, b: SortKey): number {
  const byTime = compareInt64(a.timeHi, a.timeLo, b.timeHi, b.timeLo);
  if (byTime !== 0) return byTime;
  return a.split !== b.split ? a.split - b.split : a.sequence - b.sequence;
}

/** A copy of the key alone: views that are written to again must not be kept. */
export function copySortKey({ timeHi, timeLo, split, sequence }: SortKey): SortKey {
  return { timeHi, timeLo, split, sequence };
}

/** `time:split:sequence` in decimal: what a committed position, a catalogue and a message carry. */
export function formatSortKey(key: SortKey): string {
  return `${int64ToBigInt(key.timeHi, key.timeLo)}:${key.split}:${key.sequence}`;
}

/** Reads what `formatSortKey` wrote. Throws FormatError. */
export function parseSortKey(text: string): SortKey {
  const parts = /^(-?\d{1,19}):(\d{1,10}):(\d{1,10})$/.exec(text);
  const time = parts === null ? undefined : BigInt(parts[1]!);
  const [split, sequence] = [Number(parts?.[2]), Number(parts?.[3])];
  if (time === undefined || time !== BigInt.asIntN(64, time) || split > 0xffffffff || sequence > 0xffffffff)
    throw new FormatError('corrupt', 'a sort key cannot be read', {
      expected: 'time:split:sequence, a signed 64-bit and two unsigned 32-bit numbers',
      found: JSON.stringify(text.slice(0, 80)),
    });
  const { hi, lo } = int64FromBigInt(time);
  return { timeHi: hi, timeLo: lo, split, sequence };
}

/** The time as a double, rounded: where two of them differ, the exact times differ the same way. */
export function roundedTime(timeHi: number, timeLo: number): number {
  return timeHi * 4294967296 + timeLo;
}
