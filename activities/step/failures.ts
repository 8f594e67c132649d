import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ConnectionError } from '../../connections/connection-error.ts';
import { FormatError } from '../../formats/format-error.ts';
import { shortened } from './bounded-remarks.ts';
import { JobError, type JobErrorCode } from './job-error.ts';

/**
 * The one place where errors become Temporal failures. `type` is stable: `rewind.job.CODE`, `rewind.format.FAULT`,
 * `rewind.connection.FAULT` (docs/errors.md). Non-retryable is what trying again can't help; everything else is
 * tried again by the workflow's retry policy for as long as it takes.
 *
 * @param begun - whether a worker has accepted the job already
 */
export function toFailure(error: unknown, { begun = false }: { begun?: boolean } = {}): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof JobError) {
    const final = !(begun && OF_THE_WORKER.has(error.code));
    return failure(`rewind.job.${error.code}`, error.message, final, error.facts, error);
  }
  if (error instanceof FormatError)
    return failure(`rewind.format.${error.fault}`, error.message, true, { ...error.facts, cause: undefined }, error);
  if (error instanceof ConnectionError)
    return failure(`rewind.connection.${error.fault}`, error.message, !mayHelpLater(error), error.facts, error);
  const cause = error instanceof Error ? error : new Error(String(error));
  // A fault of ours: retried, since a new worker version may carry the fix, and visible in the Web UI meanwhile.
  return failure('rewind.internal', cause.message, false, {}, cause);
}

/** What the worker that began a job had, and this one has not: another worker of the task queue may do the step. */
const OF_THE_WORKER: ReadonlySet<JobErrorCode> = new Set(['connection-unknown', 'function-unknown']);

/** A fenced attempt is over, but the step is not: if it is still the current one, its next attempt finds out. */
function mayHelpLater(error: ConnectionError): boolean {
  return error.retryable || error.fault === 'fenced';
}

/** Characters of a message and of its details as JSON: a failure is kept in the history, with each that wraps it. */
const LONGEST_MESSAGE = 8_000;
const LONGEST_DETAILS = 8_000;

function failure(
  type: string,
  message: string,
  nonRetryable: boolean,
  facts: object,
  cause: Error,
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: shortened(message, LONGEST_MESSAGE),
    nonRetryable,
    details: [bounded(plain(facts))],
    cause,
  });
}

/** BigInts and undefined have no place in a payload. */
function plain(facts: object): unknown {
  return JSON.parse(
    JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  );
}

/** Details beyond the bound keep what is short: numbers, names, paths. The message says the rest. */
function bounded(facts: unknown): unknown {
  if (JSON.stringify(facts).length <= LONGEST_DETAILS || typeof facts !== 'object' || facts === null) return facts;
  const short = Object.entries(facts).filter(([, value]) => JSON.stringify(value).length <= LONGEST_DETAILS / 8);
  return { ...Object.fromEntries(short), leftOut: Object.keys(facts).length - short.length };
}
