import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { putInPlace } from '../../step/put-in-place.ts';

/**
 * Puts a file beside the report. Every attempt would write the very same: the first that is whole stays, so that nobody
 * who wakes late takes it away from a job that is over. It is written under a hidden name of the report's own folder: HDFS
 * renames nothing out of staging into an encryption zone.
 */
export async function putBeside(
  store: FileStore,
  target: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  await store.makeDirectory(parentPath(target) ?? '/', signal);
  await putInPlace(store, target, chunks, { signal });
}
