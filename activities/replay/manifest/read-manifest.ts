import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';
import { parseStaged, unusable } from '../../step/staged-json.ts';
import type { FileListing, ListedWindows } from '../steps.ts';
import { listingShape } from '../stored-shapes.ts';
import type { Window } from '../windows/window-planner.ts';
import { decodeWindows, WINDOW_ENTRY_BYTES } from '../windows/window-table.ts';
import {
  decodeFooter,
  decodeLines,
  decodeSplitEntry,
  FOOTER_BYTES,
  SPLIT_ENTRY_BYTES,
  type ManifestFooter,
  type Split,
} from './manifest.ts';

/** The summary of the manifest that is in place, or undefined where there is none yet. */
export async function readListing(
  store: FileStore,
  path: string,
  signal?: AbortSignal,
): Promise<FileListing | undefined> {
  const status = await store.status(path, signal);
  if (status === undefined) return undefined;
  const footer = await readFooter(store, path, status.length, signal);
  const summary = await store.read(path, footer.summaryAt, footer.summaryLength, signal);
  return parseStaged(path, listingShape, summary);
}

/** Up to which byte a manifest is lines about files, each once, in their order. */
export async function readLinesEnd(store: FileStore, path: string, signal?: AbortSignal): Promise<number> {
  return (await footerOf(store, path, signal)).splitsAt;
}

/** Reads one split's part of the manifest. */
export async function readSplit(store: FileStore, path: string, split: number, signal?: AbortSignal): Promise<Split> {
  const footer = await footerOf(store, path, signal);
  const entryAt = footer.splitsAt + split * SPLIT_ENTRY_BYTES;
  const entry = decodeSplitEntry(await store.read(path, entryAt, SPLIT_ENTRY_BYTES, signal));
  const files = decodeLines(path, await store.read(path, entry.linesAt, entry.linesLength, signal));
  return { files, range: entry.end === 0 ? undefined : { start: entry.start, end: entry.end } };
}

/** Reads consecutive splits at once: their part of the manifest is to fit into memory. */
export async function readSplits(
  store: FileStore,
  path: string,
  { first, end, of }: { first: number; end: number; of: number },
  signal?: AbortSignal,
): Promise<Split[]> {
  const { splitsAt } = await footerOf(store, path, signal);
  if (first < 0 || end > of || first >= end) throw new RangeError(`splits ${first} to ${end} of ${of}`);
  const table = await store.read(path, splitsAt + first * SPLIT_ENTRY_BYTES, (end - first) * SPLIT_ENTRY_BYTES, signal);
  const entries = Array.from({ length: end - first }, (_, index) =>
    decodeSplitEntry(table.subarray(index * SPLIT_ENTRY_BYTES, (index + 1) * SPLIT_ENTRY_BYTES)),
  );
  const from = Math.min(...entries.map(({ linesAt }) => linesAt));
  const to = Math.max(...entries.map(({ linesAt, linesLength }) => linesAt + linesLength));
  const lines = await store.read(path, from, to - from, signal);
  return entries.map(({ linesAt, linesLength, start, end: endAt }) => ({
    files: decodeLines(path, lines.subarray(linesAt - from, linesAt - from + linesLength)),
    range: endAt === 0 ? undefined : { start, end: endAt },
  }));
}

/** The windows of a job that has some. */
export async function readWindows(
  store: FileStore,
  path: string,
  { splits, windows }: Pick<FileListing, 'splits'> & { windows: ListedWindows },
  signal?: AbortSignal,
): Promise<Window[]> {
  const length = windows.count * WINDOW_ENTRY_BYTES;
  return decodeWindows(await readTables(store, path, { at: windows.at, length }, signal), splits);
}

/** What stands in the manifest between the table of splits and the summary, which must be so many bytes. */
export async function readTables(
  store: FileStore,
  path: string,
  { at, length }: { at: number; length: number },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { summaryAt } = await footerOf(store, path, signal);
  if (at + length !== summaryAt)
    throw unusable(path, `${length} bytes of windows at byte ${at}`, `${summaryAt - at} bytes there`);
  return store.read(path, at, length, signal);
}

async function footerOf(store: FileStore, path: string, signal?: AbortSignal): Promise<ManifestFooter> {
  const status = await store.status(path, signal);
  if (status !== undefined) return readFooter(store, path, status.length, signal);
  throw new JobError('staging-lost', `The manifest ${path} is gone while the job runs. Start the job again.`, { path });
}

async function readFooter(
  store: FileStore,
  path: string,
  length: number,
  signal?: AbortSignal,
): Promise<ManifestFooter> {
  const at = Math.max(0, length - FOOTER_BYTES);
  const footer = decodeFooter(await store.read(path, at, Math.min(length, FOOTER_BYTES), signal));
  if (footer !== undefined) return footer;
  throw new JobError(
    'staging-lost',
    `The manifest ${path} has no footer at byte ${at}: the file is cut short or is not a manifest. Clean the staging folder and start the job again.`,
    { path, position: at },
  );
}
