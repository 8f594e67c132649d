import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { putInPlace } from '../../step/put-in-place.ts';
import type { VerifyFiles } from '../verify-files.ts';

/**
 * Puts a file beside the report. Every attempt would write the very same: the first that is whole stays, so that nobody
 * who wakes late takes it away from a job that is over.
 */
export async function putBeside(
  store: FileStore,
  files: VerifyFiles,
  target: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  await store.makeDirectory(parentPath(target) ?? '/', signal);
  const discard = (attempt: string): Promise<void> => files.discard(attempt);
  await putInPlace(store, target, chunks, { attempt: files.attempt(target), discard, signal });
}
