import { setTimeout as sleep } from 'node:timers/promises';
import type { RateLimit } from '../../step/rate-limit.ts';

/** A transaction holds no more than this many seconds' worth of records, so that a slow rate is an even one. */
const SECONDS_IN_HAND = 1;
/** Longest sleep without a sign of life. */
const LONGEST_SLEEP_MS = 1_000;
/** Time that was not used (the merge was waiting, say) is made up for, but no more of it than this. */
const MOST_SAVED_MS = 1_000;

export interface PacerClock {
  /** Milliseconds, from any start. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

const CLOCK: PacerClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/**
 * Holds a publisher to a rate: a transaction goes out when the time for its records has passed, so that at no moment
 * more are out than the rate allows.
 */
export class Pacer {
  /** What one transaction may hold. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly #rate: RateLimit;
  readonly #clock: PacerClock;
  #due: number;

  constructor(rate: RateLimit, clock: PacerClock = CLOCK) {
    this.#rate = rate;
    this.#clock = clock;
    this.#due = clock.now();
    this.maxRecords = Math.max(1, Math.floor((rate.records ?? Infinity) * SECONDS_IN_HAND));
    this.maxBytes = Math.max(1, Math.floor((rate.bytes ?? Infinity) * SECONDS_IN_HAND));
  }

  /**
   * Waits until so much may go out. False if the signal was aborted meanwhile: then it may not. `alive` is called at
   * least every second.
   */
  async mayGo(records: number, bytes: number, signal: AbortSignal, alive: () => void): Promise<boolean> {
    const seconds = Math.max(records / (this.#rate.records ?? Infinity), bytes / (this.#rate.bytes ?? Infinity));
    if (seconds === 0) return true;
    const due = Math.max(this.#due, this.#clock.now() - MOST_SAVED_MS) + seconds * 1000;
    for (let wait = due - this.#clock.now(); wait > 0; wait = due - this.#clock.now()) {
      alive();
      try {
        await this.#clock.sleep(Math.min(wait, LONGEST_SLEEP_MS), signal);
      } catch (error) {
        if (signal.aborted) return false;
        throw error;
      }
    }
    this.#due = due;
    return true;
  }
}
