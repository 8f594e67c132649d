import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from './connection-error.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Does something that may be done again, up to `attempts` times, with growing, jittered pauses. Only errors that can
 * mend themselves are tried again; whoever needs more patience than that has a durable timer.
 *
 * @param idempotent - false: only what no server can have done already is tried again
 */
export async function retried<T>(
  attempts: number,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
  idempotent = true,
): Promise<T> {
  for (let ordinal = 1; ; ordinal++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (ordinal >= attempts || !(error instanceof ConnectionError) || !error.retryable) throw error;
      if (!idempotent && error.facts.maybeDone !== false) throw error;
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (ordinal - 1), LONGEST_PAUSE_MS), signal);
    }
  }
}

async function pause(longestMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(longestMs * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted(); // the reason, in place of the timer's AbortError
    throw error;
  }
}
