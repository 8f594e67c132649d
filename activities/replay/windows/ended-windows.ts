import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { Staging } from '../staging.ts';
import type { FileListing } from '../steps.ts';

/**
 * A listing as a job that is taken up goes on with it: as a whole, where it did so before. All of its splits are catalogued
 * then, which no window is; and what it published since has no counts of windows, so these couldn't go on behind it.
 */
export async function withoutEndedWindows(
  store: FileStore,
  staging: Staging,
  listed: FileListing,
  signal: AbortSignal,
): Promise<FileListing> {
  const { windows, ...listing } = listed;
  if (windows === undefined || (await store.status(staging.catalogue(0), signal)) === undefined) return listed;
  const remark = 'the windows of the job had ended when it was taken up: it went on as one that is sorted as a whole';
  return { ...listing, remarks: [...listing.remarks, remark], afterWindows: true };
}
