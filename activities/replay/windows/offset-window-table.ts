import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { unusable } from '../../step/staged-json.ts';
import type { Split } from '../manifest/manifest.ts';
import { readSplits, readTables } from '../manifest/read-manifest.ts';
import type { FileListing, ListedWindows } from '../steps.ts';
import type { Window } from './window-planner.ts';
import { decodeWindows, encodeWindows, WINDOW_ENTRY_BYTES } from './window-table.ts';

/** Number of a split: 32 bits, little endian. */
const SPLIT_NUMBER_BYTES = 4;
/** Parts of the manifest that are read at once. */
const AT_ONCE = 8;

/**
 * Windows of offsets as they stand in the manifest: as those of time do, with places in the order of the windows for
 * numbers of splits; and behind them the number of the split at each place.
 */
export function encodeOffsetWindows(windows: readonly Window[]): Buffer {
  const numbers = windows.flatMap(({ splits = [] }) => splits);
  const bytes = Buffer.alloc(numbers.length * SPLIT_NUMBER_BYTES);
  for (const [place, number] of numbers.entries()) bytes.writeUInt32LE(number, place * SPLIT_NUMBER_BYTES);
  return Buffer.concat([encodeWindows(windows), bytes]);
}

/** The windows of a job that has some of offsets. */
export async function readOffsetWindows(
  store: FileStore,
  path: string,
  { splits, windows }: Pick<FileListing, 'splits'> & { windows: ListedWindows },
  signal?: AbortSignal,
): Promise<Window[]> {
  const tableBytes = windows.count * WINDOW_ENTRY_BYTES;
  const length = tableBytes + splits * SPLIT_NUMBER_BYTES;
  const bytes = Buffer.from(await readTables(store, path, { at: windows.at, length }, signal));
  const numbers = Array.from({ length: splits }, (_, place) =>
    bytes.readUInt32LE(tableBytes + place * SPLIT_NUMBER_BYTES),
  );
  if (new Set(numbers).size !== splits || numbers.some((number) => number >= splits))
    throw unusable(path, `each of ${splits} splits in one window`, 'others');
  return decodeWindows(bytes.subarray(0, tableBytes), splits).map((window) => ({
    ...window,
    splits: numbers.slice(window.firstSplit, window.endSplit),
  }));
}

/** Reads the splits of a window: those that follow one another in the manifest at once. */
export function splitsOfWindow(
  store: FileStore,
  path: string,
  of: number,
): (window: Window, signal: AbortSignal) => Promise<Split[]> {
  return async ({ splits = [] }, signal) => {
    const runs: { first: number; end: number }[] = [];
    for (const number of splits) {
      const last = runs.at(-1);
      if (last?.end === number) last.end += 1;
      else runs.push({ first: number, end: number + 1 });
    }
    const read: Split[] = [];
    for (let at = 0; at < runs.length; at += AT_ONCE) {
      const several = runs.slice(at, at + AT_ONCE).map((run) => readSplits(store, path, { ...run, of }, signal));
      for (const found of await Promise.all(several)) read.push(...found);
    }
    return read;
  };
}
