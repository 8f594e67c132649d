import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { readOffsetsFile, type EtlKey } from '../../../layouts/camus/etl-key.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { partitionKey } from '../manifest/pinned-offsets.ts';

/** Offsets of one execution, for the job's topic. */
export interface ExecutionOffsets {
  /** Next offset by partition (see `partitionKey`), decimal text. */
  next: Record<string, string>;
  remarks: string[];
}

/** Reads all `offsets*` files of an execution folder; undefined where it has none. */
export async function executionOffsets(
  store: FileStore,
  job: ReplayJob,
  folder: string,
  signal: AbortSignal,
): Promise<ExecutionOffsets | undefined> {
  const files: FileStatus[] = [];
  for await (const entry of store.list(folder, signal))
    if (entry.kind === 'file' && baseName(entry.path).startsWith('offsets')) files.push(entry);
  return files.length === 0 ? undefined : mergeOffsets(store, job, files, signal);
}

/** Camus's own rule: all `offsets*` files together, the largest offset of a partition winning. */
async function mergeOffsets(
  store: FileStore,
  job: ReplayJob,
  files: FileStatus[],
  signal: AbortSignal,
): Promise<ExecutionOffsets> {
  const next = new Map<string, { offset: bigint; previous: boolean }>();
  for (const file of files) {
    const previous = baseName(file.path) === 'offsets-previous';
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
