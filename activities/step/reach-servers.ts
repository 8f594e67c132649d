import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connections/connection-error.ts';
import { awaitedBy } from './awaited-by.ts';
import { JobError } from './job-error.ts';
import { serversOf, type JobServers, type Server } from './job-servers.ts';
import type { StepContext } from './run-step.ts';
import type { Servers } from './servers.ts';

const PAUSE_MS = 1_000;
/** Where many are asked, the error tells which. */
const SOME_SERVER = 'a server of the job';

/**
 * Waits until every server of the job answers, for `reachTimeoutMs` in all: a job that has not begun should say which
 * address is wrong instead of waiting for it. Servers that go away later are waited for without an end.
 *
 * @throws JobError 'connection-unknown' or 'server-unreachable' that names all that are; ConnectionError for a login
 * or an address that can't be right
 */
export async function reachServers(deps: Servers, wanted: JobServers, context: StepContext): Promise<void> {
  const deadline = Date.now() + deps.reachTimeoutMs;
  const unreachable = await Promise.all(serversOf(deps, wanted).map((server) => whyNot(server, deadline, context)));
  const reasons = unreachable.filter((reason) => reason !== undefined);
  if (reasons.length > 0) throw serverUnreachable(reasons, deps.reachTimeoutMs);
}

/** Does something of the kind that may be done again, as often as servers that are away make necessary, in that time. */
export async function whileReaching<T>(
  deps: Pick<Servers, 'reachTimeoutMs'>,
  context: StepContext,
  body: () => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  const name = SOME_SERVER;
  const deadline = Date.now() + deps.reachTimeoutMs;
  const reason = await whyNot({ name, ask: async () => (result = { value: await body() }) }, deadline, context);
  if (reason !== undefined || result === undefined)
    throw serverUnreachable(reason === undefined ? [] : [reason], deps.reachTimeoutMs);
  return result.value;
}

/** Why a server can't be reached by the deadline; undefined if it can. */
async function whyNot(
  { name, ask }: Server,
  deadline: number,
  { signal, waits }: StepContext,
): Promise<string | undefined> {
  let reason: string | undefined;
  for (;;) {
    try {
      if (await beforeDeadline(ask(), deadline)) return undefined;
      return reason ?? `${name}: it did not answer in time`;
    } catch (error) {
      if (!(error instanceof ConnectionError) || !error.retryable) throw error;
      reason = `${name}: ${error.message}`;
      if (Date.now() + PAUSE_MS >= deadline) return reason;
      waits(name === SOME_SERVER ? awaitedBy(error) : name, error.message);
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}

/** Whether the answer came in time; a server that takes a request and never answers it is one that can't be reached. */
async function beforeDeadline(answer: Promise<unknown>, deadline: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(Math.max(0, deadline - Date.now()), false, { signal: timer.signal });
  try {
    return await Promise.race([answer.then(() => true), late]);
  } finally {
    timer.abort();
    // What loses the race is of no interest any more.
    await late.catch(() => undefined);
  }
}

function serverUnreachable(reasons: string[], waitedMs: number): JobError {
  return new JobError(
    'server-unreachable',
    `The job can't begin, since for ${Math.round(waitedMs / 1000)} seconds this could not be reached: ${reasons.join('; ')}. Nothing was done. Check that the server runs, and its address in the worker's configuration (docs/configuration.md); then start the job again, or reset its workflow.`,
    { unreachable: reasons },
  );
}
