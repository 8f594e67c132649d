import { inspect } from 'node:util';
import { shortened } from '../../step/bounded-remarks.ts';

/** Characters of it: a database may answer with all that it was given, and Temporal keeps what it is told. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 4_000;

/** How far causes are followed, which may go in circles. */
const MOST_CAUSES = 4;

/** What a function threw, in words: with its causes, since some errors say nothing themselves, or only that it failed. */
export function messageOf(error: unknown): string {
  return shortened(wordsOf(error, MOST_CAUSES), LONGEST_MESSAGE);
}

export function stackOf(error: unknown): string | undefined {
  return error instanceof Error && error.stack !== undefined ? shortened(error.stack, LONGEST_STACK) : undefined;
}

function wordsOf(error: unknown, causes: number): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return inspect(error);
  const own = error.message === '' ? error.name : error.message;
  const others: unknown[] = error instanceof AggregateError ? error.errors : [];
  const all = error.cause === undefined ? others : [...others, error.cause];
  if (all.length === 0 || causes === 0) return own;
  return `${own} (${all.map((each) => wordsOf(each, causes - 1)).join('; ')})`;
}
