import { CancellationScope, CancelledFailure, condition, patched, setHandler } from '@temporalio/workflow';
import type { RateLimit } from '../../activities/step/rate-limit.ts';
import { endedByCancelling } from './ended-by-cancelling.ts';
import { pauseSignal, rateSignal, resumeSignal } from './messages.ts';
import type { ControlState } from './run-state.ts';

/**
 * Lets people pause, resume and slow down a job while it runs. Steps ask at the `gate` before they begin something,
 * and run what may be ended early as a `slice`.
 */
export class RunControl {
  readonly #state: ControlState;
  #changed: () => void = () => undefined;
  readonly #slices = new Set<CancellationScope>();
  #waiting = false;
  /** Nothing stands still any more. */
  #hurries = false;

  constructor(state: ControlState) {
    this.#state = state;
  }

  /**
   * Begins to hear people; what they said before comes at once. `changed` is called whenever something was asked, or has
   * come about.
   */
  listen(changed: () => void): void {
    const state = this.#state;
    this.#changed = changed;
    setHandler(pauseSignal, () => {
      if (this.#hurries) return;
      state.paused = true;
      this.#endSlices();
      changed();
    });
    setHandler(resumeSignal, () => {
      state.paused = false;
      changed();
    });
    setHandler(rateSignal, (rate) => {
      state.rate = rateFrom(rate);
      this.#endSlices();
      changed();
    });
  }

  /** Waits while the job is paused. To be passed with nothing in hand. */
  async gate(): Promise<void> {
    if (!this.#state.paused) return;
    this.#waiting = true;
    this.#changed();
    try {
      await condition(() => !this.#state.paused);
    } finally {
      this.#waiting = false;
    }
  }

  /**
   * From here on cancelling has nothing to end but a pause, also one that is asked for behind it: who cancels wants the job's
   * end, and that is ahead.
   */
  onlyForward(): void {
    CancellationScope.current().cancelRequested.catch(() => {
      // A job that an older release has run stood still until somebody resumed it.
      if (!patched('cancel-ends-pause')) return;
      this.#hurries = true;
      this.#state.paused = false;
      this.#changed();
    });
  }

  get pausing(): boolean {
    return this.#state.paused;
  }

  /** Whether somebody has cancelled the job. */
  get cancelled(): boolean {
    return CancellationScope.current().consideredCancelled;
  }

  /** Whether the job stands still. */
  get standsStill(): boolean {
    return this.#state.paused && this.#waiting;
  }

  /**
   * Runs something that a message may end early and that then resolves with what it has done, which `done` is given;
   * it isn't called where the slice was ended before it had begun, or failed while it was being ended: the next slice
   * finds what is done. Cancelling the workflow ends it in the same way, and throws afterwards.
   */
  async slice<T>(run: () => Promise<T>, done: (result: T) => void): Promise<void> {
    const slice = new CancellationScope({ cancellable: true });
    this.#slices.add(slice);
    try {
      done(await slice.run(run));
    } catch (error) {
      if (!endedByCancelling(error) || this.cancelled) throw error;
    } finally {
      this.#slices.delete(slice);
    }
    if (this.cancelled) throw new CancelledFailure('the job was cancelled');
  }

  /**
   * Runs what keeps the limit that it begins with, and may take hours under a low one: a message ends it, and whoever called
   * begins it anew under the limit that holds by then, or when the job goes on. Without a limit it comes to its end.
   *
   * @returns what came of it; undefined where it was ended before it was done
   */
  async underLimit<T>({ records, bytes }: RateLimit, run: () => Promise<T>): Promise<T | undefined> {
    // What an older release has begun under a limit kept it to its end.
    if ((records === undefined && bytes === undefined) || !patched('limit-heard')) return run();
    let done: T | undefined;
    await this.slice(run, (result) => (done = result));
    return done;
  }

  #endSlices(): void {
    for (const slice of this.#slices) slice.cancel();
  }
}

/** Signals come from people's shells: what isn't a positive number is no limit. */
function rateFrom(rate: unknown): RateLimit {
  const { records, bytes } = (rate ?? {}) as Record<string, unknown>;
  const limit = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.max(1, value) : undefined;
  return { records: limit(records), bytes: limit(bytes) };
}
