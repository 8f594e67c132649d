import { inspect } from 'node:util';
import { shortened } from './bounded-remarks.ts';

/** Characters of it: a database may answer with all that it was given, and Temporal keeps what it is told. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 4_000;

/** How far causes are followed, which may go in circles. */
const MOST_CAUSES = 4;

const NO_WORDS = 'something that cannot be told in words';

/**
 * What was thrown, in words: with its causes, since some errors say nothing themselves, or only that it failed.
 * Never throws, whatever it was.
 */
export function messageOf(error: unknown): string {
  return shortened(wordsOf(error, MOST_CAUSES), LONGEST_MESSAGE);
}

export function stackOf(error: unknown): string | undefined {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    return typeof stack === 'string' ? shortened(stack, LONGEST_STACK) : undefined;
  } catch {
    return undefined; // by a getter of its own
  }
}

function wordsOf(error: unknown, causes: number): string {
  try {
    if (!(error instanceof Error)) return textOf(error);
    const own = textOf(error.message === '' ? error.name : error.message);
    const others: unknown[] = error instanceof AggregateError ? error.errors : [];
    const all = error.cause === undefined ? others : [...others, error.cause];
    if (all.length === 0 || causes === 0) return own;
    return `${own} (${all.map((each) => wordsOf(each, causes - 1)).join('; ')})`;
  } catch {
    return NO_WORDS; // getters and inspections of its own may throw themselves
  }
}

/** Also of a message: some clients have an object there. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}
