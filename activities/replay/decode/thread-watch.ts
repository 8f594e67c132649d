import { PULSE_BYTES, readPulse, type SeenPulse } from './thread-pulse.ts';

/**
 * Looks this often within the limit. Looks are counted, not time: a process that was frozen, or a machine that was busy
 * with other things, wakes up with one look missed, not with a thread that seems hung.
 */
const LOOKS = 20;
/** What is no code of the user's comes to an end: a busy machine must not make an error of it too early. */
const OWN_CODE_FACTOR = 5;

/** Watches the pulse of one task in a thread, and aborts `signal` when it has stood still for the limit, or five times that in Rewind's own code. */
export class ThreadWatch {
  readonly shared = new SharedArrayBuffer(PULSE_BYTES);
  /** How often the thread is to beat with its event loop, in milliseconds. */
  readonly everyMs: number;
  readonly #hung = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #last = '';
  #still = 0;

  constructor(limitMs: number) {
    this.everyMs = Math.max(1, Math.floor(limitMs / LOOKS));
    this.#timer = setInterval(() => this.#look(), this.everyMs);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#hung.signal;
  }

  /** What the thread had in hand when it was given up; undefined while it moves. */
  get found(): SeenPulse | undefined {
    return this.#hung.signal.aborted ? readPulse(this.shared) : undefined;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { beats, inHand } = readPulse(this.shared);
    const now = `${beats} ${inHand}`;
    // The task waits for a thread until its first beat.
    this.#still = now === this.#last && beats !== 0 ? this.#still + 1 : 0;
    this.#last = now;
    if (this.#still < (inHand === 'decoding' ? OWN_CODE_FACTOR : 1) * LOOKS) return;
    this.end();
    this.#hung.abort();
  }
}
