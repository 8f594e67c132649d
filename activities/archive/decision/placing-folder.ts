import { createHash } from 'node:crypto';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import type { DecisionHead } from './decision.ts';

type Decided = Pick<DecisionHead, 'staging' | 'execution' | 'job'>;

/** Name beside the folders of the archive's runs, and of none of them. */
export const PLACING = '.placing';

/**
 * Takes a run's data files out of its folder before the first of them is placed, all at once: whoever throws the run
 * away at this moment deletes either all of them, or none. They wait in a folder that is named after the execution, and
 * that nobody deletes before all of them are placed. What is there of a later life of the run, which was reset, is in
 * another folder, that of its own plan, and stays: also where this worker slept in front of the rename.
 *
 * @returns whether they are there, by this attempt or another one; else they are gone, or all placed
 */
export async function takeUpFiles(
  store: FileStore,
  head: Decided,
  first: { from: string },
  signal: AbortSignal,
): Promise<boolean> {
  const folder = placingFolder(head);
  if ((await store.status(first.from, signal)) !== undefined) {
    await store.makeDirectory(parentPath(folder) ?? '/', signal);
    if (await store.rename(dataFolderOf(first.from), folder, signal)) return true;
  }
  return (await store.status(folder, signal)) !== undefined;
}

/**
 * Where a decided file is if its folder was taken up. A run that workers of two releases pulled has two folders: one of them
 * is taken up, whichever a worker takes first, and the files of the other one stay where they are. Attempts have names of
 * their own, so that no two files would be at one place.
 */
export function takenUp(head: Decided, from: string): string {
  return `${placingFolder(head)}${from.slice(dataFolderOf(from).length)}`;
}

/**
 * Deletes what is left of a run all of whose decided files are placed, such as files behind a range that was cut. Before it
 * is recorded: whoever finishes it again finds its folder, which may be below another DEST than the one of later runs.
 */
export async function forgetPlaced(store: FileStore, head: Decided, signal: AbortSignal): Promise<void> {
  await store.delete(placingFolder(head), { recursive: true, signal });
}

/**
 * Deletes what workers that slept took up of runs whose execution is recorded. One that sorts
 * behind the newest execution may be placed still.
 *
 * @param staging - folder of any run of the archive
 */
export async function forgetTakenUp(
  store: FileStore,
  staging: string,
  newest: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const over: string[] = [];
  try {
    for await (const { path } of store.list(placingFolders(staging), signal)) {
      const name = baseName(path);
      if (newest !== undefined && name.slice(0, name.lastIndexOf('.')) <= newest) over.push(path);
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  for (const path of over) await store.delete(path, { recursive: true, signal });
}

function placingFolder({ staging, execution, job }: Decided): string {
  const run = createHash('sha256').update(job).digest('hex').slice(0, 12);
  return `${placingFolders(staging)}/${execution}.${run}`;
}

/** Within the archive's own folder: archives of other users that share DEST may have no right on anything else there. */
function placingFolders(staging: string): string {
  return `${parentPath(staging) ?? ''}/${PLACING}`;
}

/** Of all attempts of a plan; each has a folder in it for its files. */
function dataFolderOf(from: string): string {
  return parentPath(parentPath(from) ?? '/') ?? '/';
}
