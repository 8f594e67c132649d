import type { LeftReason } from '../../log/left-reasons.ts';
import type { PulledError } from './pull-report.ts';

/** Errors of one range that are listed one by one, so that one bad topic doesn't fill a report; */
const MOST_ERRORS = 1000;
/** and stretches behind them. */
const MOST_STRETCHES = 1000;

/** Offsets without a gap that are bad for the same reason. */
interface Stretch {
  first: bigint;
  last: bigint;
  reason: LeftReason;
}

/**
 * Bad records of one range: the first one by one, then stretches of offsets that are bad for one reason, and of what is
 * behind these how many there are, and up to where.
 */
export class ListedErrors {
  readonly #name: string;
  readonly #line: Pick<PulledError, 'kind' | 'topic' | 'partition'>;
  readonly lines: PulledError[] = [];
  #stretch: Stretch | undefined;
  #more = 0;

  constructor({ topic, partition }: { topic: string; partition: number }) {
    this.#name = `${topic}-${partition}`;
    this.#line = { kind: 'error', topic, partition };
  }

  add(offset: bigint, reason: LeftReason, what: string): void {
    const { lines } = this;
    if (lines.length < MOST_ERRORS) this.#put(lines.length, offset, `, offset ${offset}: ${reason}: ${what}`);
    else if (!this.#addToStretch(offset, reason)) this.#addToMore(offset);
  }

  /** False where there are as many stretches as are listed, and it belongs to none of them. */
  #addToStretch(offset: bigint, reason: LeftReason): boolean {
    const { lines } = this;
    const known = this.#stretch;
    if (known !== undefined && known.reason === reason && known.last + 1n === offset) {
      known.last = offset;
      this.#put(lines.length - 1, known.first, `, offsets ${known.first} to ${offset}: ${reason}`);
      return true;
    }
    if (lines.length >= MOST_ERRORS + MOST_STRETCHES) return false;
    this.#stretch = { first: offset, last: offset, reason };
    this.#put(lines.length, offset, `, offset ${offset}: ${reason}`);
    return true;
  }

  #addToMore(offset: bigint): void {
    this.#more += 1;
    const message = `: ${this.#more} more bad records up to offset ${offset}, counted by their reasons in rewind.json`;
    this.#put(MOST_ERRORS + MOST_STRETCHES, offset, message);
  }

  #put(index: number, offset: bigint, message: string): void {
    this.lines[index] = { ...this.#line, offset: String(offset), message: `${this.#name}${message}` };
  }
}
