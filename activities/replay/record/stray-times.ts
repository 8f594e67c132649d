import { int64ToBigInt, type Int64 } from '../../../formats/int64.ts';
import type { ExpectedTimes } from '../manifest/expected-times.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import type { TimeUnit } from './record-time.ts';

/** Where the time of a record comes from: a field of Avro data, a text, a LongWritable beside it, a function. */
export type TimeOrigin = 'field' | 'text' | 'key' | 'function';

/** A record whose time is not one of those that are expected of its file. */
export interface StrayRecord {
  file: string;
  /** Place among the records of the file that could be read, from 0; of a part of it, among those from `fromByte` on. */
  ordinal: number;
  fromByte?: number | undefined;
  /** As it stands in the record; decimal text. */
  time: string;
  unit: TimeUnit;
  origin: TimeOrigin;
  /** Ms since 1970 UTC, rounded where it is beyond 2^53. */
  millis: number;
  expected: ExpectedTimes;
}

/** Records with times outside of those that are expected of their files, and what they have in common. */
export interface StrayTimes {
  records: number;
  /** Those of them that are more than a year off: another unit or field, or a clock that was never set. */
  wild: number;
  /** Files, or parts of files that were cut, of which most records are wild. */
  wildFiles: number;
  /** The same of those that are off by less. */
  nearFiles: number;
  /** How far the others are from what their names show, in ms: the least and the most. */
  least: number;
  most: number;
  /** The first that is off by less than a year, and the first that is wild. */
  first?: StrayRecord | undefined;
  firstWild?: StrayRecord | undefined;
}

/** Those of several files or splits together; undefined where there are none. */
export function sumStrays(all: readonly StrayTimes[]): StrayTimes | undefined {
  if (all.length === 0) return undefined;
  const sum = (of: (one: StrayTimes) => number): number => all.reduce((total, one) => total + of(one), 0);
  const near = all.filter(({ records, wild }) => records > wild);
  return {
    records: sum(({ records }) => records),
    wild: sum(({ wild }) => wild),
    wildFiles: sum(({ wildFiles }) => wildFiles),
    nearFiles: sum(({ nearFiles }) => nearFiles),
    least: near.length === 0 ? 0 : Math.min(...near.map(({ least }) => least)),
    most: near.length === 0 ? 0 : Math.max(...near.map(({ most }) => most)),
    first: all.find(({ first }) => first !== undefined)?.first,
    firstWild: all.find(({ firstWild }) => firstWild !== undefined)?.firstWild,
  };
}

const YEAR = 366 * 24 * 3_600_000;

/** Counts the stray records of a split, file by file. */
export class StrayTally {
  readonly #found: StrayTimes = { records: 0, wild: 0, wildFiles: 0, nearFiles: 0, least: Infinity, most: -Infinity };
  readonly #fromByte: number | undefined;
  #file: ManifestFile | undefined;
  #expected: ExpectedTimes | undefined;
  #from = -Infinity;
  #to = Infinity;
  #readBefore = 0;
  #wildBefore = 0;
  #nearBefore = 0;

  /** `fromByte`: where the part of a file that was cut begins. */
  constructor(fromByte?: number) {
    this.#fromByte = fromByte;
  }

  /** `read`: records that were read of all files so far. */
  beginFile(file: ManifestFile, expected: ExpectedTimes, read: number): void {
    this.#endFile(read);
    this.#file = file;
    this.#expected = expected;
    this.#from = expected.from;
    this.#to = expected.to;
  }

  /** Whether a time, in ms since 1970 UTC, is not expected of the file; of none before the first file. */
  isStray(millis: number): boolean {
    return millis < this.#from || millis >= this.#to;
  }

  add(millis: number, time: Int64, unit: TimeUnit, origin: TimeOrigin, read: number): void {
    const [found, expected, file] = [this.#found, this.#expected, this.#file];
    if (expected === undefined || file === undefined) return;
    found.records += 1;
    const wild = expected.by === 'nothing' || millis < expected.from - YEAR || millis >= expected.to + YEAR;
    if (wild) found.wild += 1;
    else {
      found.least = Math.min(found.least, millis - (expected.shown ?? 0));
      found.most = Math.max(found.most, millis - (expected.shown ?? 0));
    }
    const first = wild ? 'firstWild' : 'first';
    found[first] ??= {
      file: file.path,
      ordinal: read - this.#readBefore,
      fromByte: this.#fromByte,
      time: int64ToBigInt(time.hi, time.lo).toString(),
      unit,
      origin,
      millis,
      expected,
    };
  }

  /** Undefined where there are none. `read`: as for `beginFile`. */
  finish(read: number): StrayTimes | undefined {
    this.#endFile(read);
    const found = this.#found;
    if (found.records === 0) return undefined;
    // JSON has no infinities.
    return found.records === found.wild ? { ...found, least: 0, most: 0 } : { ...found };
  }

  #endFile(read: number): void {
    const found = this.#found;
    const records = read - this.#readBefore;
    const [wild, near] = [found.wild - this.#wildBefore, found.records - found.wild - this.#nearBefore];
    if (wild > 0 && wild * 2 > records) found.wildFiles += 1;
    if (near > 0 && near * 2 > records) found.nearFiles += 1;
    this.#readBefore = read;
    this.#wildBefore = found.wild;
    this.#nearBefore = found.records - found.wild;
  }
}
