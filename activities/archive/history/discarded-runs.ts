import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { ArchiveFolders } from '../archive-folders.ts';

/** How long it is remembered that a run was thrown away, where no later run is recorded: workers don't sleep longer. */
const REMEMBERED_MS = 7 * 86_400_000;

/**
 * Throws a run away that has decided nothing. That it was is said before its folder is deleted: a worker that slept may
 * decide for it all the same, since no name of HDFS that is missing keeps a worker from a rename.
 */
export async function discardRun(
  store: FileStore,
  folders: ArchiveFolders,
  { job, folder }: { job: string; folder: string },
  signal: AbortSignal,
): Promise<void> {
  await store.write(folders.discardedRun(job), [], { overwrite: true, signal });
  await store.delete(folder, { recursive: true, signal });
}

export async function isDiscarded(
  store: FileStore,
  folders: ArchiveFolders,
  job: string,
  signal: AbortSignal,
): Promise<boolean> {
  return (await store.status(folders.discardedRun(job), signal)) !== undefined;
}

/**
 * Forgets runs that were thrown away: all of them once a run is recorded, as theirs would follow what is no longer the newest.
 * Until then those whose decision is in place, and void, are remembered however long ago that was.
 *
 * @param voided - jobs of decisions that are void. @default none
 */
export async function forgetDiscarded(
  store: FileStore,
  folders: ArchiveFolders,
  { recorded, now, voided = [] }: { recorded: boolean; now: number; voided?: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const old: string[] = [];
  const kept = new Set(voided.map((job) => folders.discardedRun(job)));
  try {
    for await (const { path, modifiedAt } of store.list(folders.discarded, signal))
      if (recorded || (now - modifiedAt > REMEMBERED_MS && !kept.has(path))) old.push(path);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  for (const path of old) await store.delete(path, { signal });
}
