import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { WrittenOffset } from '../../../layouts/archive-writing.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { partitionName } from '../../log/partition-name.ts';
import { JobError } from '../../step/job-error.ts';

/** Where a partition goes on, as an execution left it. */
export type StoredOffset = WrittenOffset;

export type StoredOffsets = ReadonlyMap<string, StoredOffset>;

/**
 * The offsets of an execution: all files whose name begins with `offsets`, merged, the largest offset of a partition
 * winning (`EtlInputFormat.getSplits`).
 *
 * @throws JobError 'history-unusable' for a damaged file, or an execution without any
 */
export async function readStoredOffsets(store: FileStore, folder: string, signal: AbortSignal): Promise<StoredOffsets> {
  const files: FileStatus[] = [];
  for await (const entry of store.list(folder, signal))
    if (entry.kind === 'file' && writtenLayout().holdsOffsets(baseName(entry.path))) files.push(entry);
  if (files.length === 0)
    throw new JobError(
      'history-unusable',
      `The newest execution ${folder} has no offsets files: going on from here would archive everything again. Restore its offsets, or move it out of the history so that the one before it counts.`,
      { path: folder },
    );
  const offsets = new Map<string, StoredOffset>();
  for (const file of files)
    for (const found of await offsetsIn(store, file, signal)) {
      const name = partitionName(found.topic, found.partition);
      const known = offsets.get(name);
      if (known !== undefined && known.next >= found.next) continue;
      offsets.set(name, {
        ...found,
        leader: found.leader || (known?.leader ?? ''),
        messageSize: found.messageSize ?? known?.messageSize,
      });
    }
  return offsets;
}

async function offsetsIn(store: FileStore, file: FileStatus, signal: AbortSignal): Promise<WrittenOffset[]> {
  const source = openFileSource(store, file);
  try {
    const offsets = await writtenLayout().readOffsets(source, signal);
    await source.verify(signal);
    return offsets;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new JobError(
      'history-unusable',
      `${error.describe(file.path)}. No offset of this execution was used: repair the file, or move the execution out of the history so that the one before it counts.`,
      { path: file.path, ...error.facts, cause: undefined },
    );
  }
}
