import type { RecordCursor, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { Buckets, TimeBucket } from '../../../layouts/archive-writing.ts';
import type { BadRecords } from './bad-records.ts';
import type { RangeCounts } from './count-records.ts';
import type { DataFile, DataFiles } from './data-files.ts';
import { isReplayed } from './is-replayed.ts';
import { isBadData, type LeftReason } from '../../log/left-reasons.ts';
import { ListedErrors } from './listed-errors.ts';
import type { PulledRange } from './pull-report.ts';
import { bucketTime, NO_TIME, wildText, type TimeRules } from './record-time.ts';
import { nextOf, readingOf, walkOver, Walked } from './reading-failed.ts';
import type { PathOfFile, RangeToPull } from './range-to-pull.ts';
import { PassedGaps } from './passed-gaps.ts';
import { RunningOffset } from './running-offset.ts';
import { TimeCounts } from './time-counts.ts';
import { ofTopic } from './topic-failed.ts';
import type { ValueReader } from './values/value-reader.ts';

export interface RangeRules extends TimeRules {
  /** Records of earlier times are left out; -Infinity where there is no such limit. */
  oldest: number;
  /** Milliseconds of record time after the range's first record; Infinity where there is no such limit. */
  span: number;
  policy: 'fail' | 'skip';
}

export interface RangeParts {
  values: ValueReader;
  buckets: Buckets;
  pathOf: PathOfFile;
  files: DataFiles;
  /** Where the job asks for counts. */
  counts: Pick<RangeCounts, 'add'> | undefined;
  /** Where bad records are kept that are passed; undefined where they are only counted. */
  bad: BadRecords | undefined;
}

/** Is told of each batch what was read, and how many records of it were archived; ends when the next may be. */
export type PaceOfRange = (read: Readonly<Walked>, archived: number) => Promise<void>;

/** Bytes of a fetch: two are held, and one more while it is put together from what the network brings. */
const FETCH_BYTES = 2 * 1024 * 1024;

/** Records of a large batch between two looks at the files under way. */
const LOOK_EVERY = 4096;

/**
 * Pulls one range: every offset of it is either in a data file or counted among those that were left. Where it can't go
 * on it ends at an offset, and what comes before counts.
 */
export class RangePull {
  readonly #range: RangeToPull;
  readonly #rules: RangeRules;
  readonly #values: ValueReader;
  readonly #buckets: Buckets;
  readonly #pathOf: PathOfFile;
  readonly #files: DataFiles;
  readonly #counts: RangeParts['counts'];
  readonly #bad: RangeParts['bad'];
  readonly #left: Record<string, number> = {};
  /** What the reader had counted before: it is that of all ranges of the topic. */
  readonly #untoldBefore: Record<string, number>;
  readonly errors: ListedErrors;
  readonly #gaps = new PassedGaps();
  #records = 0;
  #bytes = 0;
  readonly #times: TimeCounts;
  #sinceLook = 0;
  /** Of the batch in hand. */
  #walked = new Walked();
  /** Every offset before it is in a file, or was left. */
  readonly #next: RunningOffset;
  #firstTime: number | undefined;
  #lastTime: number | undefined;
  #cut: PulledRange['cut'];
  #file: { bucket: TimeBucket; form: string; file: DataFile } | undefined;

  constructor(range: RangeToPull, rules: RangeRules, { values, buckets, pathOf, files, counts, bad }: RangeParts) {
    this.#range = range;
    this.#rules = rules;
    this.#values = values;
    this.#buckets = buckets;
    this.#pathOf = pathOf;
    this.#files = files;
    this.#counts = counts;
    this.#bad = bad;
    this.#next = new RunningOffset(range.from);
    this.errors = new ListedErrors(range);
    this.#times = new TimeCounts(rules);
    this.#untoldBefore = { ...values.untold };
  }

  async run(reader: TopicReader, { signal, pace }: { signal: AbortSignal; pace: PaceOfRange }): Promise<PulledRange> {
    const { topic, topicId, partition, to } = this.#range;
    const from = this.#next.value;
    if (from >= to) return this.#report(); // all of it is gone
    const read = reader.read({ topic, topicId, partition, from, to }, { signal, maxBytes: FETCH_BYTES });
    for await (const batch of readingOf(read)) {
      const before = this.#records;
      this.#walked = batch.kind === 'aborted' ? await walkOver(batch) : new Walked();
      if (batch.kind === 'aborted') this.#count('aborted', this.#walked.records);
      else if (batch.kind === 'data')
        for await (const run of readingOf(batch.records()))
          if (!(await this.#takeRun(run, signal))) return this.#report();
      this.#next.value = batch.nextOffset < to ? batch.nextOffset : to;
      await this.#keepBounds();
      await pace(this.#walked, this.#records - before);
    }
    // Compaction may have taken the last batches of the range: nothing is behind the last one that came.
    this.#next.value = to;
    return this.#report();
  }

  /** Lets pass what Kafka deleted before it was read, up to where the log begins now; false where that is not what happened. */
  passGap(logStart: bigint): boolean {
    const { value } = this.#next;
    if (logStart <= value) return false;
    this.#next.value = logStart < this.#range.to ? logStart : this.#range.to;
    this.#gaps.add(value, this.#next.value);
    return true;
  }

  /** False where the range ends here. */
  async #takeRun(cursor: RecordCursor, signal: AbortSignal): Promise<boolean> {
    while (nextOf(cursor)) {
      this.#walked.add(cursor);
      const taken = this.#take(cursor, signal);
      // Most records need no wait, and a promise for each would cost more than the record.
      const reason = taken instanceof Promise ? await taken : taken;
      if (reason !== undefined) {
        if (!this.#leave(reason, cursor)) return false;
        if (isBadData(reason)) await this.#keepBad(cursor);
      }
      this.#next.goBehind(cursor);
      // The record beyond the limit is still written, as Camus has it.
      if (this.#cut !== undefined) return false;
      if (++this.#sinceLook >= LOOK_EVERY) await this.#keepBounds();
    }
    return true;
  }

  async #keepBad(cursor: RecordCursor): Promise<void> {
    if (this.#bad === undefined) return;
    // Which may be ended in favour of the other one.
    this.#file = undefined;
    await this.#bad.keep(cursor);
  }

  async #keepBounds(): Promise<void> {
    const records = this.#sinceLook;
    this.#sinceLook = 0;
    await this.#files.keepBounds(records);
  }

  /** Puts a record into its file; else says why not. Awaits only where it must: this runs for every record. */
  #take(cursor: RecordCursor, signal: AbortSignal): LeftReason | undefined | Promise<LeftReason | undefined> {
    if (this.#range.skipReplayed === true && isReplayed(cursor)) return 'replayed';
    if (cursor.valueStart < 0 && this.#values.takesNull !== true) return 'tombstone';
    const seen = this.#values.look(cursor, this.#range.partition);
    if (seen === 'schema') return this.#takeAfter(this.#values.loadSchema(signal), cursor, signal);
    if (seen !== undefined) return seen;
    const time = bucketTime(this.#values.time, cursor.timestampNumber, this.#rules);
    if (time === undefined) {
      this.#wrong = wildText(this.#values.time, cursor.timestampNumber);
      return 'time';
    }
    // Of one without any time nobody knows that it is old.
    if (time !== NO_TIME && time < this.#rules.oldest) return 'old';
    const known = this.#file;
    const bucket = this.#buckets.of(time);
    if (known === undefined || known.bucket !== bucket || known.form !== this.#values.form)
      return this.#appendElsewhere(cursor, time, bucket);
    return this.#append(known.file, cursor, time);
  }

  async #takeAfter(loaded: Promise<void>, cursor: RecordCursor, signal: AbortSignal): Promise<LeftReason | undefined> {
    await ofTopic(loaded);
    const seen = this.#values.look(cursor, this.#range.partition);
    if (seen === 'schema') throw new Error('a schema was loaded and is not there');
    return seen ?? this.#take(cursor, signal);
  }

  async #appendElsewhere(cursor: RecordCursor, time: number, bucket: TimeBucket): Promise<LeftReason | undefined> {
    const { topic, partition } = this.#range;
    const { form } = this.#values;
    const key = `${topic}-${partition}/${bucket.start}/${form}`;
    const place = { topic, partition, key, target: this.#target(bucket) };
    const file =
      this.#files.get(key) ??
      (await this.#files.begin(place, cursor.offset, (sink) => this.#values.openFile(sink, `${key}@${cursor.offset}`)));
    this.#file = { bucket, form, file };
    return this.#append(file, cursor, time);
  }

  #append(file: DataFile, cursor: RecordCursor, time: number): LeftReason | undefined | Promise<undefined> {
    const { valueStart, valueEnd } = cursor;
    let goOn: boolean;
    try {
      goOn = this.#values.append(file.writer, time, cursor);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#wrong = error.message;
      return error.fault === 'schema' ? 'schema' : 'corrupt';
    }
    // One that was begun for a record that could not be appended begins with the next.
    if (file.writer.records === 1) file.first = cursor.offset;
    file.next.goBehind(cursor);
    this.#records += 1;
    this.#times.add(this.#values, time);
    this.#counts?.add(time);
    this.#bytes += this.#values.whole === true ? cursor.recordEnd - cursor.recordStart : valueEnd - valueStart;
    // Hours that were counted from 1970 would end each run at the next record.
    if (time !== NO_TIME) this.#spend(time);
    return goOn ? undefined : this.#drained(file);
  }

  #spend(time: number): void {
    if (this.#firstTime === undefined) this.#firstTime = this.#lastTime = time;
    else if (time > this.#lastTime!) this.#lastTime = time;
    if (time > this.#firstTime + this.#rules.span)
      this.#cut = {
        why: 'limit',
        message: `limits.hours after the first record of ${new Date(this.#firstTime).toISOString()}`,
      };
  }

  async #drained(file: DataFile): Promise<undefined> {
    await file.writer.drained();
  }

  #wrong = '';

  /** Counts a record that is in no file; false where the job's policy ends the range in front of it. */
  #leave(reason: LeftReason, cursor: RecordCursor): boolean {
    const { topic, partition } = this.#range;
    const { offset } = cursor;
    if (!isBadData(reason)) {
      this.#count(reason, 1);
      return true;
    }
    const what = this.#wrong === '' ? this.#values.wrong : this.#wrong;
    this.#wrong = '';
    const message = `${topic}-${partition}, offset ${offset}: ${reason}: ${what}`;
    if (this.#rules.policy === 'fail') {
      this.#cut = {
        why: 'problem',
        message: `${message}. What comes before is archived; mend the schema or the producer, or set badData.policy to "skip", which counts it and goes on`,
      };
      this.#next.value = offset;
      return false;
    }
    this.#count(reason, 1);
    this.errors.add(offset, reason, what);
    return true;
  }

  #count(reason: LeftReason, records: number): void {
    if (records > 0) this.#left[reason] = (this.#left[reason] ?? 0) + records;
  }

  #target(bucket: TimeBucket): (records: number, next: bigint) => string {
    const { topic, partition, leader } = this.#range;
    return (records, next) => this.#pathOf({ topic, leader, partition, records, next, bucket });
  }

  #report(): PulledRange {
    const { topic, partition, from, to } = this.#range;
    return {
      kind: 'range',
      topic,
      partition,
      from: String(from),
      to: String(to),
      next: String(this.#next.value),
      records: this.#records,
      bytes: this.#bytes,
      left: this.#left,
      ...this.#untold(),
      ...(this.#gaps.list.length > 0 && { missing: this.#gaps.list }),
      ...(this.#firstTime !== undefined && { firstTime: this.#firstTime }),
      ...(this.#lastTime !== undefined && { lastTime: this.#lastTime }),
      ...(this.#cut !== undefined && { cut: this.#cut }),
    };
  }

  #untold(): Pick<PulledRange, 'untold'> {
    const counted = Object.entries(this.#values.untold ?? {}).map(
      ([what, count]) => [what, count - (this.#untoldBefore[what] ?? 0)] as const,
    );
    const untold = Object.fromEntries([...counted, ...this.#times.list].filter(([, count]) => count > 0));
    return Object.keys(untold).length === 0 ? {} : { untold };
  }

  /** The range as it is where it can't go on for good: what was taken up to there counts. */
  endedBy(error: Error): PulledRange {
    this.#cut = { why: 'problem', message: error.message };
    return this.#report();
  }
}
