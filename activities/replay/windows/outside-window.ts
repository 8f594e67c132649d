import { int64ToBigInt, type Int64 } from '../../../formats/int64.ts';
import { JobError } from '../../step/job-error.ts';
import { dateText } from '../decode/describe-stray.ts';
import type { TimeUnit } from '../record/record-time.ts';

/**
 * The window that a split's records must be in, `to` exclusive, without an end where infinite: of times in ms since 1970
 * UTC, or of offsets, of which later ones than those of the window are no fault.
 */
export interface DecodedWindow {
  number: number;
  from: number;
  to: number;
}

/** Compares the times of records, or their offsets, with the window of their files. */
export class WindowCheck {
  readonly from: number;
  readonly to: number;
  readonly #window: DecodedWindow;
  readonly #fromByte: number;
  #file = '';
  #readBefore = 0;

  /** `fromByte`: where the part of a cut file begins. */
  constructor(window: DecodedWindow, fromByte = 0) {
    this.from = window.from;
    this.to = window.to;
    this.#window = window;
    this.#fromByte = fromByte;
  }

  /** `read`: records that were read of all files so far. */
  beginFile(file: string, read: number): void {
    this.#file = file;
    this.#readBefore = read;
  }

  /** The error about a record with an offset that may be passed by now. */
  offsetRefusal(partition: number, at: Int64, read: number): JobError {
    const { from, number: window } = this.#window;
    const [file, ordinal, fromByte] = [this.#file, read - this.#readBefore, this.#fromByte];
    const offset = int64ToBigInt(at.hi, at.lo).toString();
    const part = fromByte === 0 ? '' : ` of those from byte ${fromByte} on`;
    return new JobError(
      'outside-window',
      `${file}, record ${ordinal}${part}: its offset ${offset} in partition ${partition} comes before ${from}, where the window begins that the file is read for, as its first record made expect: records behind it may be published already. The records are sorted window by window of offsets (sort "windows", or "auto"). Set sort to "whole", and replay into a new topic.`,
      { file, ordinal, fromByte, partition, offset, from, window },
    );
  }

  /**
   * The error about a record that belongs between others which are published by now, or come from other files.
   *
   * @param at its time in ms since 1970 UTC
   * @param raw the same as it stands in the record
   */
  refusal(at: number, raw: Int64, unit: TimeUnit, read: number): JobError {
    const { from, to, number: window } = this.#window;
    const [file, ordinal, fromByte] = [this.#file, read - this.#readBefore, this.#fromByte];
    const time = int64ToBigInt(raw.hi, raw.lo).toString();
    const part = fromByte === 0 ? '' : ` of those from byte ${fromByte} on`;
    const late = at >= to;
    const why = late
      ? 'it belongs behind records of files that are not read yet'
      : 'records of that time may be published already, and it belongs before them';
    const remedy = late
      ? 'Take the job up with sort "auto", which stages what is left and sorts it as a whole'
      : 'Set sort to "whole", and replay into a new topic';
    return new JobError(
      'outside-window',
      `${file}, record ${ordinal}${part}: its time ${time} ${unit} is ${dateText(at)}, and by its name the file holds times ${spanText(this.#window)}: ${why}. The records are sorted window by window of time (sort "windows", or "auto"). ${remedy}.`,
      { file, ordinal, fromByte, time, unit, from, to, window, late },
    );
  }
}

export function spanText({ from, to }: { from: number; to: number }): string {
  const begins = from === -Infinity ? [] : [`from ${dateText(from)}`];
  const ends = to === Infinity ? [] : [`before ${dateText(to)}`];
  return [...begins, ...ends].join(' and ');
}
