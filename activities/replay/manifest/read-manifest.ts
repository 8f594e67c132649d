import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';
import { parseStaged } from '../../step/staged-json.ts';
import type { FileListing } from '../steps.ts';
import { listingShape } from '../stored-shapes.ts';
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

/** Reads one split's part of the manifest. */
export async function readSplit(store: FileStore, path: string, split: number, signal?: AbortSignal): Promise<Split> {
  const status = await store.status(path, signal);
  if (status === undefined)
    throw new JobError('staging-lost', `The manifest ${path} is gone while the job runs. Start the job again.`, {
      path,
    });
  const footer = await readFooter(store, path, status.length, signal);
  const entryAt = footer.splitsAt + split * SPLIT_ENTRY_BYTES;
  const entry = decodeSplitEntry(await store.read(path, entryAt, SPLIT_ENTRY_BYTES, signal));
  const files = decodeLines(path, await store.read(path, entry.linesAt, entry.linesLength, signal));
  return { files, range: entry.end === 0 ? undefined : { start: entry.start, end: entry.end } };
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
