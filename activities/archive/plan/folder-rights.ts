import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { nearestExisting } from '../../../connections/hdfs/nearest-existing.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import type { FolderRight } from './archive-plan.ts';

const AT_ONCE = 16;
/** Topics whose folders are looked at, and named where they are closed. */
const MOST_TOPICS = 1000;
const MOST_NAMED = 20;

/**
 * Whether the worker's user may write where a run would: to DEST, EXEC and HISTORY, or where they would be made; and the
 * folders of topics that are closed to it.
 */
export async function folderRights(
  store: FileStore,
  { dest, exec, history }: Pick<ArchiveJob, 'dest' | 'exec' | 'history'>,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<FolderRight[]> {
  const look = async (path: string): Promise<FolderRight> => {
    const at = await nearestExisting(store, path, signal);
    const mayWrite = await store.mayWriteTo(at, signal);
    return { path, ...(at !== path && { madeIn: at }), ...(mayWrite !== undefined && { mayWrite }) };
  };
  const rights: FolderRight[] = [];
  for (const path of [dest, exec, history]) rights.push(await look(path));
  const folders = new Set(topics.slice(0, MOST_TOPICS).map((topic) => writtenLayout().topicFolder(dest, topic)));
  const closed: FolderRight[] = [];
  await eachAtOnce(folders, AT_ONCE, async (folder) => {
    const right = await look(folder);
    // One that isn't there is made in a folder that is told already.
    if (right.mayWrite === false && right.madeIn === undefined) closed.push(right);
  });
  return [...rights, ...closed.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MOST_NAMED)];
}
