import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connections/connection-error.ts';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import type { StepContext } from '../step/run-step.ts';

const PAUSE_MS = 1_000;

/** A server that a job can't do without. */
interface Server {
  /** As the message calls it: `the Kafka connection "default"`. */
  name: string;
  /** Asks something that changes nothing. */
  ask: () => Promise<unknown>;
}

/**
 * Waits until every server of the job answers, for `reachTimeoutMs` in all: a job that has not begun should say which
 * address is wrong instead of waiting for it. Servers that go away later are waited for without an end.
 *
 * @throws JobError 'connection-unknown' or 'server-unreachable' that names all that are; ConnectionError for a login
 * or an address that can't be right
 */
export async function reachServers(deps: Dependencies, job: ReplayJob, context: StepContext): Promise<void> {
  const deadline = Date.now() + deps.reachTimeoutMs;
  const unreachable = await Promise.all(serversOf(deps, job).map((server) => whyNot(server, deadline, context)));
  const reasons = unreachable.filter((reason) => reason !== undefined);
  if (reasons.length > 0) throw serverUnreachable(reasons, deps.reachTimeoutMs);
}

/** Does something of the kind that may be done again, as often as servers that are away make necessary, in that time. */
export async function whileReaching<T>(
  deps: Pick<Dependencies, 'reachTimeoutMs'>,
  context: StepContext,
  body: () => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  const name = 'a server of the job';
  const deadline = Date.now() + deps.reachTimeoutMs;
  const reason = await whyNot({ name, ask: async () => (result = { value: await body() }) }, deadline, context);
  if (reason !== undefined || result === undefined)
    throw serverUnreachable(reason === undefined ? [] : [reason], deps.reachTimeoutMs);
  return result.value;
}

function serversOf(deps: Dependencies, job: ReplayJob): Server[] {
  const { hdfs, kafka, zookeeper } = job.connections;
  const unknown: JobError[] = [];
  const known = <T>(open: () => T): T | undefined => {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      unknown.push(error);
      return undefined;
    }
  };
  const store = known(() => deps.hdfs(hdfs));
  const brokers = known(() => deps.kafka(kafka));
  const servers: Server[] = [
    {
      name: `the HDFS connection "${hdfs}" (${store?.describe()})`,
      ask: async () => store?.status('/'),
    },
    {
      name: `the Kafka connection "${kafka}" (${brokers?.describe()})`,
      ask: async () => brokers?.describeTopic(job.replayTopic.name),
    },
  ];
  if (job.offsets.group !== undefined && job.offsets.zookeeper) {
    // Begins to connect; whether that went well shows when it is asked.
    known(() => deps.zookeeper(zookeeper))?.catch(() => undefined);
    servers.push({
      name: `the ZooKeeper connection "${zookeeper}" (${known(() => deps.describeZooKeeper(zookeeper))})`,
      ask: async () => (await deps.zookeeper(zookeeper)).children('/consumers'),
    });
  }
  if (unknown.length > 0)
    throw new JobError('connection-unknown', unknown.map(({ message }) => message).join(' '), {
      connections: unknown.map(({ facts }) => facts),
    });
  return servers;
}

/** Why a server can't be reached by the deadline; undefined if it can. */
async function whyNot(
  { name, ask }: Server,
  deadline: number,
  { signal, progress }: StepContext,
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
      progress({ waitingFor: reason });
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
    `The job can't begin, since for ${Math.round(waitedMs / 1000)} seconds this could not be reached: ${reasons.join('; ')}. Nothing was published. Check that the server runs, and its address in the worker's configuration (docs/configuration.md); then start the job again, or reset its workflow.`,
    { unreachable: reasons },
  );
}
