import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { tidily } from '../../step/put-in-place.ts';
import { WINDOW_COUNTS, WINDOW_FOLDER, type Staging } from '../staging.ts';

/**
 * Deletes what staging has of windows that are out: the sorted files of those that were staged, and counts that nobody
 * asks for again. So staging holds a few windows at most, however many there are.
 *
 * @param before numbers below which a window's sorted files, and its counts, are not needed
 */
export async function dropPublished(
  store: FileStore,
  staging: Staging,
  before: { sorted: number; counts: number },
  signal: AbortSignal,
): Promise<void> {
  const stale: string[] = [];
  for await (const { path } of store.list(staging.folder, signal))
    if (numberIn(path, WINDOW_FOLDER) < before.sorted) stale.push(path);
  for await (const { path } of store.list(`${staging.folder}/sorted`, signal))
    if (numberIn(path, WINDOW_COUNTS) < before.counts) stale.push(path);
  for (const path of stale) await tidily(() => store.delete(path, { recursive: true, signal }));
}

function numberIn(path: string, name: RegExp): number {
  return Number(name.exec(path)?.[1] ?? Infinity);
}
