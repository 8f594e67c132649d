import type { ByteWriter } from '../../../formats/byte-writer.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { int64FromBigInt, type Int64 } from '../../../formats/int64.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import type { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { ordersByRecords, tellsOffsets } from '../job/own-offsets.ts';
import {
  appendKey,
  beginBody,
  beginHeaders,
  beginValue,
  CLAMPED,
  endHeaders,
  endNullValue,
  endValue,
  OWN_HEADERS,
  WITHOUT_TIME,
} from '../record/record-body.ts';
import { millisOf, type TimeUnit } from '../record/record-time.ts';
import { refuseUnlessClamped } from '../record/refuse-unless-clamped.ts';
import { expectedTimes } from '../manifest/expected-times.ts';
import { checkSourcePartition } from './check-source-partition.ts';
import { JobTimeRange } from './job-time-range.ts';
import { KeptOffsets } from './kept-offsets.ts';
import { WindowCheck, type DecodedWindow } from '../windows/window-check.ts';
import { StrayTally, type StrayTimes, type TimeOrigin } from '../record/stray-times.ts';
import { TargetPartition } from './target-partition.ts';

const TWO_TO_32 = 2 ** 32;
/** More are not kept of one split. */
const MAX_REMARKS = 10;

export interface RecordSinkOptions {
  /** After so many it is full, whatever room there is. */
  mostRecords?: number;
  /** Where the part of a cut file begins. */
  fromByte?: number | undefined;
  /** Of a job that is sorted window by window: what is outside of it ends the job. */
  window?: DecodedWindow | undefined;
}

/**
 * Takes the records of a split in decode order and puts those of the job into the sort buffer. A record is
 * `begin(time)`, then either its key and value or nothing, then `end()`; nothing is allocated for one. Of a format
 * whose records tell their offsets `at` comes first.
 */
export class RecordSink {
  read = 0;
  kept = 0;
  outOfRange = 0;
  filtered = 0;
  clamped = 0;
  timeUnit: TimeUnit | undefined;
  /** What the files made worth a look, each once, up to a limit. */
  readonly remarks = new Set<string>();
  file: ManifestFile | undefined;
  readonly #job: ReplayJob;
  readonly #partitions: number;
  readonly #target: TargetPartition;
  readonly #buffer: SortBuffer;
  readonly #mostRecords: number;
  readonly #range: JobTimeRange;
  readonly #time: Int64 = { hi: 0, lo: 0 };
  readonly #millis: Int64 = { hi: 0, lo: 0 };
  /** What sorts the records of a file where their times don't. */
  readonly #place: Int64 = { hi: 0, lo: 0 };
  #toMillis = millisOf('millis');
  #unit: TimeUnit = 'millis';
  #origin: TimeOrigin = 'field';
  readonly #window: WindowCheck | undefined;
  readonly #strays: StrayTally;
  #fileNumber = 0;
  /** Gives the number of this file together with a partition, where records tell that. */
  #fileOf: (partition: number) => number = () => this.#fileNumber;
  readonly #filesOf = new Map<number, number>();
  /** Partition that the record at hand had in the source topic. */
  #sourcePartition = -1;
  readonly #tellsOffsets: boolean;
  /** Whether the offsets that records tell sort them; else, by the order `file`, nothing but their place does. */
  readonly #byOffset: boolean;
  readonly #keptOffsets = new KeptOffsets();
  #sequence = 0;
  #partition = 0;
  #bodyStart = 0;
  #headersStart = 0;
  #valueStart = 0;
  #clamp = false;

  constructor(
    job: ReplayJob,
    partitions: number,
    buffer: SortBuffer,
    { mostRecords = Infinity, fromByte, window }: RecordSinkOptions = {},
  ) {
    this.#job = job;
    this.#tellsOffsets = tellsOffsets(job);
    this.#byOffset = ordersByRecords(job);
    // The place of a file is in its window whatever the file holds.
    if (window !== undefined && job.order !== 'file') this.#window = new WindowCheck(window, this.#byOffset, fromByte);
    this.#mostRecords = mostRecords;
    this.#strays = new StrayTally(fromByte);
    this.#partitions = partitions;
    this.#target = new TargetPartition(job, partitions);
    this.#buffer = buffer;
    this.#range = new JobTimeRange(job);
  }

  remark(remarks: readonly string[]): void {
    for (const remark of remarks) if (this.remarks.size < MAX_REMARKS) this.remarks.add(remark);
  }

  get isFull(): boolean {
    return this.#buffer.isFull || this.read >= this.#mostRecords;
  }

  /** `number`: that of the file in the sorted file's table, or what gives one for each source partition in it. */
  beginFile(number: number | ((partition: number) => number), file: ManifestFile): void {
    if (typeof number === 'number') this.#fileNumber = number;
    else this.#fileOf = number;
    this.#filesOf.clear();
    this.#sourcePartition = -1;
    this.file = file;
    this.#window?.beginFile(file.path, this.read);
    this.#expect(file);
    if (this.#job.order !== 'offset' || this.#byOffset) return;
    const { archive, topic } = this.#job;
    const nextOffset = layoutOf(archive.layout).facts(file.path, topic)?.nextOffset;
    if (nextOffset === undefined) throw new TypeError(`${file.path} was listed for the order of offsets, and has none`);
    Object.assign(this.#place, int64FromBigInt(nextOffset));
  }

  /**
   * Where the next record was in the source topic, for formats whose records tell it.
   *
   * @throws JobError, FormatError for a partition that it can't be of (`checkSourcePartition`)
   */
  at(partition: number, offset: Int64): void {
    if (this.#byOffset) {
      this.#place.hi = offset.hi;
      this.#place.lo = offset.lo;
      this.#window?.compareOffset(offset);
    }
    if (partition === this.#sourcePartition) return;
    checkSourcePartition(partition, this.#job, this.file, this.#partitions);
    let number = this.#filesOf.get(partition);
    if (number === undefined) this.#filesOf.set(partition, (number = this.#fileOf(partition)));
    this.#fileNumber = number;
    this.#sourcePartition = partition;
  }

  /** Whether a record that has no time is taken, since the order doesn't depend on it. */
  get takesRecordsWithoutTime(): boolean {
    return this.#job.order !== 'time';
  }

  /** Sets the unit of the times to come; those of one job must all have the same, or their order means nothing. */
  useTimeUnit(unit: TimeUnit, origin: TimeOrigin = 'field'): void {
    this.#toMillis = millisOf(unit);
    this.#unit = unit;
    this.#origin = origin;
    if (this.takesRecordsWithoutTime) return;
    if (this.timeUnit !== undefined && this.timeUnit !== unit)
      throw new FormatError('time', 'the unit of the record time changes from file to file: set time.unit in the job', {
        expected: this.timeUnit,
        found: unit,
      });
    this.timeUnit = unit;
  }

  /**
   * Starts a record; false if its time is outside of the job's range, and nothing more is wanted of it. Without a time
   * only where `takesRecordsWithoutTime`.
   */
  begin(time: Int64 | undefined): boolean {
    if (time === undefined) {
      this.#clamp = false;
      const body = this.#buffer.begin();
      this.#bodyStart = body.length;
      beginBody(body, WITHOUT_TIME, 0, 0);
      return true;
    }
    this.#time.hi = time.hi;
    this.#time.lo = time.lo;
    this.#toMillis(time, this.#millis);
    const at = this.#millis.hi * TWO_TO_32 + this.#millis.lo;
    if (this.#strays.isStray(at)) this.#stray(at);
    if (!this.#range.takes(this.#millis, at)) {
      this.read += 1;
      this.outOfRange += 1;
      this.#sequence += 1;
      return false;
    }
    this.#window?.compareTime(at);
    const out = this.#buffer.begin();
    this.#bodyStart = out.length;
    this.#clamp = this.#millis.hi < 0 && this.#job.output.timestamps === 'record' && !this.#isNone();
    if (this.#clamp) {
      refuseUnlessClamped(this.#job, this.#time);
      beginBody(out, CLAMPED, time.hi, time.lo);
    } else beginBody(out, 0, this.#millis.hi, this.#millis.lo);
    return true;
  }

  /** Leaves out a record that was begun: the job's filter doesn't want it. */
  leaveOut(): void {
    this.read += 1;
    this.filtered += 1;
    this.#sequence += 1;
  }

  /** Headers that the record brings, between `begin` and `key`: to be appended as Kafka has them, then `endHeaders`. */
  headers(): ByteWriter {
    const out = this.#buffer.bodies;
    this.#headersStart = beginHeaders(out);
    return out;
  }

  endHeaders(count: number): void {
    const out = this.#buffer.bodies;
    endHeaders(out, this.#headersStart, count);
    out.bytes[this.#bodyStart]! |= OWN_HEADERS;
  }

  /**
   * The key, or undefined for none; then the value is to be appended to the writer that is returned. `words`: as for
   * `ByteWriter.append`.
   */
  key(key: Uint8Array | undefined, start = 0, end = key?.length ?? 0, words?: DataView): ByteWriter {
    const out = this.#buffer.bodies;
    appendKey(out, key, start, end, words);
    this.#partition = this.#target.of(key, start, end, this.#sourcePartition, this.file?.partition);
    this.#valueStart = beginValue(out);
    return out;
  }

  /** Takes the record: its value is complete. */
  end(): void {
    endValue(this.#buffer.bodies, this.#valueStart);
    this.#take();
  }

  /** Takes the record, whose value is null. */
  endWithoutValue(): void {
    endNullValue(this.#buffer.bodies, this.#valueStart);
    this.#take();
  }

  #take(): void {
    if (this.#window?.isOutside === true) throw this.#outsideWindow(this.#window);
    if (this.#clamp) this.clamped += 1;
    const { hi, lo } = this.takesRecordsWithoutTime ? this.#place : this.#time;
    if (this.#byOffset) this.#keptOffsets.take(this.#sourcePartition, hi, lo);
    this.#buffer.commit(hi, lo, this.#sequence, this.#fileNumber, this.#partition);
    this.#sequence += 1;
    this.read += 1;
    this.kept += 1;
  }

  #outsideWindow(window: WindowCheck): JobError {
    const [time, unit, offset] = [this.#time, this.#unit, this.#place];
    return window.refusal({ time, unit, partition: this.#sourcePartition, offset, read: this.read });
  }

  /** Records with times that are not expected of their files; undefined where there are none. To be asked at the end. */
  strays(): StrayTimes | undefined {
    return this.#strays.finish(this.read);
  }

  /** Offsets of the records in the order of which the job sorts; undefined where they can't be told. */
  get keptOffsets(): ReturnType<KeptOffsets['finish']> {
    return this.#byOffset ? this.#keptOffsets.finish() : undefined;
  }

  /** First and last time outside of the job's range, in ms since 1970; undefined where none was. */
  get outOfRangeTimes(): { from: number; to: number } | undefined {
    return this.#range.outside;
  }

  /** Times are compared where something depends on them. */
  #expect(file: ManifestFile): void {
    const { order, output, archive } = this.#job;
    if (archive.strayTimes === 'ignore' || (order !== 'time' && output.timestamps !== 'record')) return;
    this.#strays.beginFile(file, expectedTimes(this.#job, file), this.read);
  }

  #stray(at: number): void {
    // Kafka can't hold it: refused, or clamped and counted as such.
    if (at < 0 && this.#job.output.timestamps === 'record') return;
    this.#strays.add(at, this.#time, this.#unit, this.#origin, this.read);
  }

  /** Kafka's own mark of a record that has no timestamp: -1. */
  #isNone(): boolean {
    return this.#tellsOffsets && this.#millis.hi === -1 && this.#millis.lo === 0xffffffff;
  }
}
