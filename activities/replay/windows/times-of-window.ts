import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { readWindows } from '../manifest/read-manifest.ts';
import type { Staging } from '../staging.ts';
import type { FileListing } from '../steps.ts';
import type { DecodedWindow } from './window-check.ts';

/** The times that records of a window have, as the manifest says. */
export async function timesOfWindow(
  store: FileStore,
  staging: Staging,
  { splits, windows }: Pick<FileListing, 'splits' | 'windows'>,
  number: number,
  signal: AbortSignal,
): Promise<DecodedWindow> {
  const found = windows && (await readWindows(store, staging.manifest, { splits, windows }, signal))[number];
  if (found === undefined) throw new TypeError(`the job has no window ${number}`);
  const { from, to } = found;
  return { number, from, to };
}
