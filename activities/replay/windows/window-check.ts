import { int64ToBigInt, type Int64 } from '../../../formats/int64.ts';
import { JobError } from '../../step/job-error.ts';
import { dateText } from '../decode/describe-stray.ts';
import type { TimeUnit } from '../record/record-time.ts';

const TWO_TO_32 = 2 ** 32;

/** What helps where a record belongs before what is out, and where it belongs behind that. */
export const INTO_ANOTHER_TOPIC =
  'Set sort to "whole", and replay into a new topic: into another replayTopic, or into this one when it and its group rewind.REPLAYTOPIC are deleted';
export const TAKEN_UP_AS_WHOLE =
  'Take the job up with sort "auto" (rewind resume ID --job JOB.json), which stages what is left and sorts it as a whole';

/**
 * The window that a split's records must be in, `to` exclusive, without an end where infinite: of times in ms since 1970
 * UTC, or of offsets, of which later ones than those of the window are no fault.
 */
export interface DecodedWindow {
  number: number;
  from: number;
  to: number;
}

/** A record that is outside of its window, as it is told about it. */
export interface OutsideRecord {
  /** As it stands in the record. */
  time: Int64;
  unit: TimeUnit;
  /** Where it was in the source topic; of windows of offsets alone. */
  partition: number;
  offset: Int64;
  /** Records that were read of all files before it. */
  read: number;
}

/**
 * Compares the times of records, or their offsets, with the window of their files. A record is compared when its time, or
 * its offset, is read, and refused only where the job takes it.
 */
export class WindowCheck {
  readonly #window: DecodedWindow;
  readonly #byOffset: boolean;
  readonly #from: number;
  readonly #to: number;
  readonly #fromByte: number;
  #file = '';
  #readBefore = 0;
  #isOutside = false;
  /** Time of the record at hand in ms since 1970 UTC. */
  #at = 0;

  /**
   * @param byOffset whether the window is of offsets
   * @param fromByte where the part of a cut file begins
   */
  constructor(window: DecodedWindow, byOffset: boolean, fromByte = 0) {
    this.#window = window;
    this.#byOffset = byOffset;
    this.#from = window.from;
    this.#to = window.to;
    this.#fromByte = fromByte;
  }

  /** `read`: records that were read of all files so far. */
  beginFile(file: string, read: number): void {
    this.#file = file;
    this.#readBefore = read;
  }

  /** Compares the time of the record at hand, in ms since 1970 UTC. */
  compareTime(at: number): void {
    if (this.#byOffset) return;
    this.#at = at;
    this.#isOutside = at < this.#from || at >= this.#to;
  }

  /** Compares the offset of the record at hand; later ones than those of the window are no fault. */
  compareOffset({ hi, lo }: Int64): void {
    if (this.#byOffset) this.#isOutside = hi * TWO_TO_32 + lo < this.#from;
  }

  /** Whether the record at hand is outside: an error unless the job leaves it out. */
  get isOutside(): boolean {
    return this.#isOutside;
  }

  refusal(record: OutsideRecord): JobError {
    return this.#byOffset ? this.#offsetRefusal(record) : this.#timeRefusal(record);
  }

  /** The error about a record with an offset that may be passed by now. */
  #offsetRefusal({ partition, offset: { hi, lo }, read }: OutsideRecord): JobError {
    const { from, number: window } = this.#window;
    const [file, ordinal, fromByte] = [this.#file, read - this.#readBefore, this.#fromByte];
    const offset = int64ToBigInt(hi, lo).toString();
    return new JobError(
      'outside-window',
      `${file}, record ${ordinal}${this.#part}: its offset ${offset} in partition ${partition} comes before ${from}, where the window begins that the file is read for, as its first record made expect: records behind it may be published already. The records are sorted window by window of offsets (sort "windows", or "auto"). ${INTO_ANOTHER_TOPIC}.`,
      { file, ordinal, fromByte, partition, offset, from, window },
    );
  }

  /** The error about a record that belongs between others which are published by now, or come from other files. */
  #timeRefusal({ time: raw, unit, read }: OutsideRecord): JobError {
    const { from, to, number: window } = this.#window;
    const [file, ordinal, fromByte] = [this.#file, read - this.#readBefore, this.#fromByte];
    const time = int64ToBigInt(raw.hi, raw.lo).toString();
    const late = this.#at >= to;
    const why = late
      ? 'it belongs behind records of files that are not read yet'
      : 'records of that time may be published already, and it belongs before them';
    const remedy = late ? TAKEN_UP_AS_WHOLE : INTO_ANOTHER_TOPIC;
    return new JobError(
      'outside-window',
      `${file}, record ${ordinal}${this.#part}: its time ${time} ${unit} is ${dateText(this.#at)}, and by its name the file holds times ${spanText(this.#window)}: ${why}. The records are sorted window by window of time (sort "windows", or "auto"). ${remedy}.`,
      { file, ordinal, fromByte, time, unit, from, to, window, late },
    );
  }

  get #part(): string {
    return this.#fromByte === 0 ? '' : ` of those from byte ${this.#fromByte} on`;
  }
}

export function spanText({ from, to }: { from: number; to: number }): string {
  const begins = from === -Infinity ? [] : [`from ${dateText(from)}`];
  const ends = to === Infinity ? [] : [`before ${dateText(to)}`];
  return [...begins, ...ends].join(' and ');
}
