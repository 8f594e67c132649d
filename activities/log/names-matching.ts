import { createContext, Script } from 'node:vm';
import { JobError } from '../step/job-error.ts';
import { wholeName } from './topic-pattern.ts';

/** Names of all topics of a cluster take milliseconds. */
const LIMIT_MS = 5_000;
/** A process that was frozen, or a machine that slept, wakes up with the time of one try over, not of the next. */
const TRIES = 2;

const MATCH = new Script('names.filter((name) => patterns.some((pattern) => pattern.test(name)))');

/**
 * Those of the names that one of the patterns matches as a whole. Patterns are the user's, and one that backtracks for ever
 * would keep everything else that the worker does: where V8 is told how long a script may take, it ends one too.
 *
 * @param limitMs - how long a try may take, in milliseconds
 * @throws JobError 'input-invalid' where it takes longer
 */
export function namesMatching(
  patterns: readonly string[],
  names: readonly string[],
  limitMs = LIMIT_MS,
): ReadonlySet<string> {
  if (patterns.length === 0) return new Set();
  const context = createContext({ patterns: patterns.map(wholeName), names });
  for (let tries = 0; tries < TRIES; tries += 1)
    try {
      return new Set(MATCH.runInContext(context, { timeout: limitMs }) as string[]);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    }
  throw new JobError(
    'input-invalid',
    `Of ${names.length} topics it can't be told in ${limitMs} ms which of them ${patterns.join(', ')} match. Write patterns so that no repetition stands within another, as in (a+)+.`,
    { patterns: patterns.join(', '), limitMs },
  );
}
