import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import { newestExecution } from '../../layouts/camus/execution-history.ts';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import type { PinnedOffsets } from './manifest/pinned-offsets.ts';
import { assertGroupFree } from './offsets/assert-group-free.ts';
import { executionOffsets } from './offsets/execution-offsets.ts';
import { compareWithLive } from './offsets/live-range.ts';
import { runBoundaries } from './offsets/run-boundaries.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { PinnedOffsetsSummary, StepInput } from './steps.ts';

/** Camus prunes its history: an execution that vanishes while we read it means that there is a newer one. */
const READ_ATTEMPTS = 5;

/**
 * Pins the offsets from which consumers will go on, before any file is listed: whatever Camus archives from now on is
 * beyond them, and stays out of the replay. They are written to staging once; every later attempt uses those.
 */
export function readOffsets(deps: Dependencies) {
  return async ({ job }: StepInput, { signal }: StepContext): Promise<PinnedOffsetsSummary> => {
    if (job.history === undefined) return { execution: undefined, partitions: 0, remarks: [] };
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging);
    const present = await staging.readSmall(staging.offsets, signal);
    const bytes =
      present ??
      (await staging.putSmall(
        staging.offsets,
        Buffer.from(JSON.stringify(await newestOffsets(store, job, job.history, signal))),
        signal,
      ));
    const pins = JSON.parse(Buffer.from(bytes).toString('utf8')) as PinnedOffsets;
    // Now as well as before the commit: a gap or a group in the way is better known before hours of work.
    const { group } = job.offsets;
    if (group !== undefined && !isWithheld(job)) {
      await compareWithLive(deps.kafka(job.connections.kafka), job, pins);
      await assertGroupFree(deps, job, group, pins);
    }
    return { execution: pins.execution, partitions: Object.keys(pins.next).length, remarks: pins.remarks.slice(0, 10) };
  };
}

/** Whether it is known from the start that a replay is partial, so that no offsets are committed for it. */
export function isWithheld({ from, to, offsets }: ReplayJob): boolean {
  return (from !== undefined || to !== undefined) && !offsets.evenIfPartial;
}

/** The pinned offsets of a job, or undefined for one without a history. */
export async function readPins(
  store: FileStore,
  job: ReplayJob,
  signal?: AbortSignal,
): Promise<PinnedOffsets | undefined> {
  if (job.history === undefined) return undefined;
  const staging = new Staging(store, job.staging);
  const bytes = await staging.readSmall(staging.offsets, signal);
  if (bytes === undefined)
    throw new JobError(
      'staging-lost',
      `The pinned offsets ${staging.offsets} are gone while the job runs. Start the job again.`,
    );
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as PinnedOffsets;
}

/** Name of the newest execution in the history, to see whether Camus has finished another one meanwhile. */
export async function newestExecutionName(
  store: FileStore,
  history: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const names: string[] = [];
  for await (const entry of store.list(history, signal))
    if (entry.kind === 'directory') names.push(baseName(entry.path));
  return newestExecution(names)?.name;
}

/** The offsets of the newest execution: what a job that began now would pin. */
export async function newestOffsets(
  store: FileStore,
  job: ReplayJob,
  history: string,
  signal: AbortSignal,
): Promise<PinnedOffsets> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await offsetsOfNewest(store, job, history, signal);
    } catch (error) {
      const pruned = error instanceof ConnectionError && error.fault === 'not-found';
      if (!pruned || attempt === READ_ATTEMPTS) throw error;
    }
  }
}

async function offsetsOfNewest(
  store: FileStore,
  job: ReplayJob,
  history: string,
  signal: AbortSignal,
): Promise<PinnedOffsets> {
  if ((await store.status(history, signal)) === undefined)
    throw new JobError(
      'history-missing',
      `There is no execution history at ${history}. Check archive.exec or archive.history (Camus's etl.execution.history.path).`,
      { path: history },
    );
  const names: string[] = [];
  const files: string[] = [];
  for await (const entry of store.list(history, signal))
    (entry.kind === 'directory' ? names : files).push(baseName(entry.path));
  const newest = newestExecution(names);
  if (newest === undefined)
    throw new JobError(
      'history-unusable',
      `${history} holds no execution: expected folders named yyyy-MM-dd-HH-mm-ss, found ${[...names, ...files].slice(0, 5).join(', ') || 'nothing'}.`,
      { path: history },
    );
  const folder = `${history}/${newest.name}`;
  const found = await executionOffsets(store, job, folder, signal);
  if (found === undefined)
    throw new JobError(
      'history-unusable',
      `The newest execution ${folder} has no file whose name begins with "offsets": Camus did not finish it. Check the folder; an older one would give offsets that were already passed.`,
      { path: folder },
    );
  const ignored = [...newest.ignored, ...files].map(
    (name) => `${history}/${name} is not an execution and was left out`,
  );
  const { next, remarks } = found;
  if (Object.keys(next).length === 0 && job.offsets.group !== undefined)
    throw new JobError(
      'offsets-missing',
      `The newest execution ${folder} holds no offsets of topic ${job.topic}. Is the topic's name right, and is it one that Camus pulls?`,
      { path: folder, topic: job.topic },
    );
  const older = names
    .filter((name) => name < newest.name && !newest.ignored.includes(name))
    .map((name) => `${history}/${name}`);
  const boundaries = await runBoundaries(store, job, older, next, signal);
  return { execution: folder, startedAt: newest.startedAt, next, boundaries, remarks: [...ignored, ...remarks] };
}
