import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { OLDER_STAGING, Staging, stagingFolder } from '../staging.ts';

/**
 * The folder of a job: below the `staging` of its input, else below the home directory of the worker's user, where only
 * that user may look. A job that an older release began by default is where it was begun, if the folder is the user's own:
 * in /tmp anybody may lay something down.
 */
export async function stagingPlace(
  store: FileStore,
  { staging, topic, job }: { staging: string | undefined; topic: string; job: string },
  signal: AbortSignal,
): Promise<string> {
  if (staging !== undefined) return stagingFolder(staging, topic, job);
  const home = await store.homeDirectory(signal);
  const folder = stagingFolder(`${home === '/' ? '' : home}/.rewind`, topic, job);
  const older = stagingFolder(OLDER_STAGING, topic, job);
  if (await isBegun(store, folder, signal)) return folder;
  const status = await store.status(older, signal);
  const own = status?.owner === undefined || status.owner === baseName(home);
  return own && (await isBegun(store, older, signal)) ? older : folder;
}

async function isBegun(store: FileStore, folder: string, signal: AbortSignal): Promise<boolean> {
  return (await store.status(new Staging(store, folder).beginning, signal)) !== undefined;
}
