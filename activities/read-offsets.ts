import { ConnectionError } from '../connections/connection-error.ts';
import type { FileStatus, FileStore } from '../connections/hdfs/file-store.ts';
import { openFileSource } from '../connections/hdfs/file-source.ts';
import { readOffsetsFile, type EtlKey } from '../formats/camus/etl-key.ts';
import { newestExecution } from '../formats/camus/execution-history.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Dependencies } from './dependencies.ts';
import { JobError } from './job/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { partitionKey, type PinnedOffsets } from './manifest/pinned-offsets.ts';
import type { StepContext } from './run-step.ts';
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
    return { execution: pins.execution, partitions: Object.keys(pins.next).length, remarks: pins.remarks.slice(0, 10) };
  };
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
    if (entry.kind === 'directory') names.push(lastSegment(entry.path));
  return newestExecution(names)?.name;
}

async function newestOffsets(
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
    (entry.kind === 'directory' ? names : files).push(lastSegment(entry.path));
  const newest = newestExecution(names);
  if (newest === undefined)
    throw new JobError(
      'history-unusable',
      `${history} holds no execution: expected folders named yyyy-MM-dd-HH-mm-ss, found ${[...names, ...files].slice(0, 5).join(', ') || 'nothing'}.`,
      { path: history },
    );
  const folder = `${history}/${newest.name}`;
  const offsetsFiles: FileStatus[] = [];
  for await (const entry of store.list(folder, signal))
    if (entry.kind === 'file' && lastSegment(entry.path).startsWith('offsets')) offsetsFiles.push(entry);
  if (offsetsFiles.length === 0)
    throw new JobError(
      'history-unusable',
      `The newest execution ${folder} has no file whose name begins with "offsets": Camus did not finish it. Check the folder; an older one would give offsets that were already passed.`,
      { path: folder },
    );
  const ignored = [...newest.ignored, ...files].map(
    (name) => `${history}/${name} is not an execution and was left out`,
  );
  const { next, remarks } = await mergeOffsets(store, job, offsetsFiles, signal);
  if (Object.keys(next).length === 0 && job.offsets.group !== undefined)
    throw new JobError(
      'offsets-missing',
      `The newest execution ${folder} holds no offsets of topic ${job.topic}. Is the topic's name right, and is it one that Camus pulls?`,
      { path: folder, topic: job.topic },
    );
  return { execution: folder, startedAt: newest.startedAt, next, remarks: [...ignored, ...remarks] };
}

/** Camus's own rule: all `offsets*` files together, the largest offset of a partition winning. */
async function mergeOffsets(
  store: FileStore,
  job: ReplayJob,
  files: FileStatus[],
  signal: AbortSignal,
): Promise<Pick<PinnedOffsets, 'next' | 'remarks'>> {
  const next = new Map<string, { offset: bigint; previous: boolean }>();
  for (const file of files) {
    const previous = lastSegment(file.path) === 'offsets-previous';
    for (const key of await keysOf(store, file, signal)) {
      if (key.topic !== job.topic) continue;
      const partition = partitionKey(job.offsets.layout, key.leaderId, key.partition);
      const known = next.get(partition);
      if (known === undefined || key.offset > known.offset) next.set(partition, { offset: key.offset, previous });
    }
  }
  const sorted = [...next].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const onlyPrevious = sorted.filter(([, { previous }]) => previous).map(([partition]) => partition);
  const remarks =
    onlyPrevious.length === 0
      ? []
      : [
          `partitions whose offset stands in offsets-previous (no newer data in the last run): ${onlyPrevious.slice(0, 20).join(', ')}`,
        ];
  return { next: Object.fromEntries(sorted.map(([partition, { offset }]) => [partition, offset.toString()])), remarks };
}

async function keysOf(store: FileStore, file: FileStatus, signal: AbortSignal): Promise<EtlKey[]> {
  const source = openFileSource(store, file);
  try {
    const keys = await readOffsetsFile(source);
    await source.verify(signal);
    for (const key of keys)
      if (key.offset < 0n || key.partition < 0)
        throw new JobError(
          'history-unusable',
          `${file.path}: topic ${key.topic} has partition ${key.partition} at offset ${key.offset}, which no consumer can start from. Remove the execution, or give it a right one.`,
          { path: file.path },
        );
    return keys;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new JobError(
      'history-unusable',
      `${error.describe(file.path)}. No offset of this execution was used: repair or remove the file.`,
      { path: file.path, ...error.facts, cause: undefined },
    );
  }
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
