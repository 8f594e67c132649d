import { createHash } from 'node:crypto';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import type { DecisionHead } from './decision.ts';

type Decided = Pick<DecisionHead, 'staging' | 'execution' | 'job'>;

/**
 * Takes a run's data files out of its folder before the first of them is placed, all at once: whoever throws the run
 * away at this moment deletes either all of them, or none. They wait in a folder that is named after the execution, and
 * that nobody deletes before that is recorded.
 *
 * @returns whether they are there, by this attempt or another one; else they are gone, or all placed
 */
export async function takeUpFiles(store: FileStore, head: Decided, signal: AbortSignal): Promise<boolean> {
  const folder = placingFolder(head);
  await store.makeDirectory(parentPath(folder) ?? '/', signal);
  if (await store.rename(dataFolder(head.staging), folder, signal)) return true;
  return (await store.status(folder, signal)) !== undefined;
}

/** Where a decided file is once it is taken up. */
export function takenUp(head: Decided, from: string): string {
  const folder = `${dataFolder(head.staging)}/`;
  return from.startsWith(folder) ? `${placingFolder(head)}/${from.slice(folder.length)}` : from;
}

/**
 * Deletes what is left of runs whose execution is recorded, such as files behind a range that was cut. One that sorts
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

/** Beside the folder of the archive's runs, in which whatever belongs to a run that has ended is deleted. */
function placingFolders(staging: string): string {
  const runs = parentPath(staging) ?? '/';
  return `${parentPath(runs) ?? ''}/placing/${baseName(runs)}`;
}

function dataFolder(staging: string): string {
  return `${staging}/data`;
}
