import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import type { ArchiveFolders } from '../archive-folders.ts';

/**
 * Deletes what workers that were killed had begun to put in place below EXEC: nothing else would, and it would grow. An
 * attempt that only slept finds its file gone, and begins again or finds its work done.
 */
export async function deleteDeadAttempts(
  store: FileStore,
  folders: ArchiveFolders,
  signal: AbortSignal,
): Promise<void> {
  for (const folder of [folders.claims, folders.decisions])
    for (const path of await entriesOf(store, folder, signal))
      if (baseName(path).startsWith('.')) await store.delete(path, { signal });
  for (const path of await entriesOf(store, folders.buildings, signal))
    await store.delete(path, { recursive: true, signal });
}

async function entriesOf(store: FileStore, folder: string, signal: AbortSignal): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { path } of store.list(folder, signal)) paths.push(path);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  return paths;
}
