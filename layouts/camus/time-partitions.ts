import { jodaPrinter } from '../../formats/text/joda-pattern.ts';
import type { PrintTime } from '../../formats/text/joda-pattern.ts';
import { utcToLocal } from '../../formats/text/local-time.ts';

const MINUTE = 60_000;
/** The offsets of zones change at quarters of an hour. */
const QUARTER = 15 * MINUTE;
/** Times that JavaScript's calendar has, both ways from 1970. */
const FARTHEST = 8.64e15 - 2 * 86_400_000;
/** Spans that are remembered: 100,000 quarters are three years. */
const MOST_KNOWN = 100_000;

/** A folder below that of a topic, and what of a record's time it holds. */
export interface TimeBucket {
  /** Milliseconds since 1970 UTC: the last number in a file's name. */
  readonly start: number;
  /** Without a slash at either end: `hourly/2014/11/02/01`. */
  readonly folder: string;
}

export interface TimePartitionOptions {
  /** IANA name; `etl.default.timezone`. @default 'America/Los_Angeles', Camus's */
  timeZone?: string | undefined;
  /**
   * `hourly` (`'SUBDIR'/YYYY/MM/dd/HH`), `daily` (`'SUBDIR'/YYYY/MM/dd`), or a pattern of Joda-Time for the whole path
   * below the topic's folder, as of Camus's TimeBasedPartitioner. @default 'hourly'
   */
  folders?: string | undefined;
  /** Of `hourly` and `daily`; `etl.destination.path.topic.sub.dir`. @default the same word */
  subDir?: string | undefined;
  /** Length of a bucket; `etl.output.file.time.partition.mins`. @default 1440 for `daily`, else 60 */
  bucketMinutes?: number | undefined;
}

/**
 * Which bucket and folder a time belongs to, as Camus's time partitioners have it: local time, floored. Other than
 * there, a bucket is one stretch of time: when clocks go back, each of two hours of one name is a bucket, and both share the
 * folder; Camus puts both into the first.
 */
export class TimePartitions {
  readonly #length: number;
  /** No bucket and no change of the clocks begins within a span of this many milliseconds. */
  readonly #span: number;
  readonly #toLocal: (millis: number) => number;
  readonly #print: PrintTime;
  readonly #bySpan = new Map<number, TimeBucket>();
  readonly #byStart = new Map<number, TimeBucket>();

  /** @throws FormatError 'unsupported' for a pattern or zone, RangeError for a length or for folders that won't do */
  constructor(options: TimePartitionOptions = {}) {
    const { timeZone = 'America/Los_Angeles', folders = 'hourly' } = options;
    const { bucketMinutes = folders === 'daily' ? 1440 : 60 } = options;
    if (!Number.isInteger(bucketMinutes) || bucketMinutes < 1 || bucketMinutes > 366 * 1440)
      throw new RangeError(`a bucket has 1 to ${366 * 1440} minutes, not ${bucketMinutes}`);
    this.#length = bucketMinutes * MINUTE;
    this.#span = greatestCommonDivisor(this.#length, QUARTER);
    this.#print = jodaPrinter(patternOf(folders, options.subDir), timeZone);
    this.#toLocal = utcToLocal(timeZone);
    checkFolder(this.#print(0), folders);
  }

  /**
   * The bucket of a time in milliseconds since 1970: the same object for all times in it, as long as it is remembered.
   * @throws RangeError for a time outside of the calendar
   */
  of(time: number): TimeBucket {
    const span = Math.floor(time / this.#span);
    const known = this.#bySpan.get(span);
    if (known !== undefined) return known;
    if (!(Math.abs(time) <= FARTHEST)) throw new RangeError(`the time ${time} is outside of the calendar`);
    const start = this.#startOf(span * this.#span);
    if (this.#bySpan.size >= MOST_KNOWN) {
      this.#bySpan.clear();
      this.#byStart.clear();
    }
    const bucket = this.#byStart.get(start) ?? { start, folder: this.#print(start) };
    this.#byStart.set(start, bucket);
    this.#bySpan.set(span, bucket);
    return bucket;
  }

  /** Where the clocks showed the bucket's first moment, or were changed so that they show the bucket since. */
  #startOf(time: number): number {
    const local = this.#toLocal(time);
    const floor = this.#floor(local);
    const start = floor - (local - time);
    if (this.#toLocal(start) === floor) return start;
    const changed = this.#lastChange(start, time);
    const before = this.#toLocal(changed - 1);
    return this.#floor(before) === floor ? floor - (before - (changed - 1)) : changed;
  }

  #floor(local: number): number {
    return Math.floor(local / this.#length) * this.#length;
  }

  /** The first instant from which on the clocks run as at `time`; at `before` they ran otherwise. */
  #lastChange(before: number, time: number): number {
    const offset = this.#toLocal(time) - time;
    let other = Math.floor(before / MINUTE);
    let same = Math.floor(time / MINUTE);
    while (same - other > 1) {
      const middle = Math.floor((other + same) / 2);
      if (this.#toLocal(middle * MINUTE) - middle * MINUTE === offset) same = middle;
      else other = middle;
    }
    return same * MINUTE;
  }
}

function patternOf(folders: string, subDir: string = folders): string {
  const quoted = `'${subDir.replaceAll("'", "''")}'`;
  if (folders === 'hourly') return `${quoted}/YYYY/MM/dd/HH`;
  return folders === 'daily' ? `${quoted}/YYYY/MM/dd` : folders;
}

/** What readers of archives pass over, or HDFS can't have. */
function checkFolder(folder: string, pattern: string): void {
  const bad = folder.split('/').find((part) => part === '' || /^[._]|[:\0]/.test(part));
  if (bad === undefined) return;
  const found = `the part ${JSON.stringify(bad)} in ${folder}`;
  throw new RangeError(
    `the folders ${pattern} need names that are not empty, don't begin with . or _ and have no colon: ${found}`,
  );
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
