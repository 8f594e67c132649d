import { compareInt64, int64FromBigInt, type Int64 } from '../../../formats/int64.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** The times that a job wants, and which ones it met outside of them. */
export class JobTimeRange {
  readonly #from: Int64 | undefined;
  readonly #to: Int64 | undefined;
  #earliest = Infinity;
  #latest = -Infinity;

  constructor({ from, to }: Pick<ReplayJob, 'from' | 'to'>) {
    this.#from = from === undefined ? undefined : int64FromBigInt(BigInt(from));
    this.#to = to === undefined ? undefined : int64FromBigInt(BigInt(to));
  }

  /**
   * Whether a record is wanted; the time of one that isn't is remembered.
   *
   * @param millis its time in ms since 1970, exactly
   * @param at the same as a number
   */
  takes({ hi, lo }: Int64, at: number): boolean {
    if (
      (this.#from === undefined || compareInt64(hi, lo, this.#from.hi, this.#from.lo) >= 0) &&
      (this.#to === undefined || compareInt64(hi, lo, this.#to.hi, this.#to.lo) < 0)
    )
      return true;
    if (at < this.#earliest) this.#earliest = at;
    if (at > this.#latest) this.#latest = at;
    return false;
  }

  /** First and last time outside, in ms since 1970; undefined where none was. */
  get outside(): { from: number; to: number } | undefined {
    return this.#earliest === Infinity ? undefined : { from: this.#earliest, to: this.#latest };
  }
}
