import { openFileSource } from '../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { openSortedFile } from '../../formats/sorted/file/open-sorted-file.ts';
import { keepErrors } from './decode/keep-errors.ts';
import { pinnedSchema } from './decode/pinned-schema.ts';
import type { SplitCounts } from './decode/split-decoder.ts';
import type { Dependencies } from '../dependencies.ts';
import { REPLAY_COUNTERS } from './counters.ts';
import { functionsPathOf } from './functions/job-functions.ts';
import type { StepMetrics } from '../step/metrics.ts';
import { readSplit } from './manifest/read-manifest.ts';
import { splitBytes } from './manifest/split-bytes.ts';
import type { StepContext } from '../step/run-step.ts';
import { unusable } from '../step/staged-json.ts';
import { Staging } from './staging.ts';
import { readCounts } from './windows/staged-counts.ts';
import { timesOfWindow } from './windows/times-of-window.ts';
import type { DecodedSplit, DecodeInput } from './steps.ts';

/** Bytes of records that one split sorts in memory; a split that decodes to more becomes several sorted sections. */
export const SORT_BUFFER_BYTES = 48 * 1024 * 1024;
/** Windows of the input, a block of it decompressed, and blocks on their way out. */
const BESIDE_THE_BUFFER = 32 * 1024 * 1024;

/**
 * Decodes one split of the manifest into one sorted file in staging; uses the one that another attempt finished. For a
 * window that is staged the file is in the window's folder, and each time is compared with the window.
 */
export function decodeAndSort(deps: Dependencies) {
  return async (input: DecodeInput, { signal, progress, metrics }: StepContext): Promise<DecodedSplit> => {
    const { job, listing, split: number } = input;
    const started = Date.now();
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging, input.window?.number);
    const target = staging.sorted(`split-${number}`);
    const countsPath = staging.sorted(`split-${number}.json`);
    const split = await readSplit(store, staging.manifest, number, signal);
    const bytesRead = splitBytes(split);
    const result = (counts: SplitCounts, reused: boolean): DecodedSplit => ({
      split: number,
      files: split.files.length,
      read: counts.read,
      kept: counts.kept,
      outOfRange: counts.outOfRange,
      filtered: counts.filtered,
      skipped: counts.skipped,
      skippedBy: counts.skippedBy,
      ...(counts.estimated > 0 && { estimated: counts.estimated }),
      clamped: counts.clamped,
      timeUnit: counts.timeUnit,
      strays: counts.strays,
      outOfRangeTimes: counts.outOfRangeTimes,
      remarks: counts.remarks,
      bytesRead: String(bytesRead),
      bytesSorted: String(counts.bytesSorted),
      seconds: (Date.now() - started) / 1000,
      reused,
    });
    const present = await finishedSplit(store, staging, number, listing.fingerprint, signal);
    if (present !== undefined) return result(present, true);
    const release = await deps.budget.take(SORT_BUFFER_BYTES + BESIDE_THE_BUFFER, signal);
    try {
      const schema = await pinnedSchema(staging, job, signal);
      const attempt = staging.attempt(target);
      const window = input.window && (await timesOfWindow(store, staging, listing, input.window.number, signal));
      const task = {
        job,
        fingerprint: listing.fingerprint,
        number,
        split,
        partitions: listing.partitions,
        schema,
        recordsPerByte: listing.recordsPerByte,
        functionsPath: await functionsPathOf(deps, job),
        path: attempt,
        bufferBytes: SORT_BUFFER_BYTES,
        window,
      };
      try {
        await staging.beginWindow(signal);
        const counts = await deps.decoder.decode(task, { signal, progress });
        await keepErrors(staging, number, counts.errors, signal);
        // The counts come first: they are the same for every attempt, and the sorted file is what says "done".
        await staging.putSmall(countsPath, Buffer.from(JSON.stringify({ ...counts, errors: [] })), signal);
        await staging.place(attempt, target, signal);
        assertSame(countsPath, await finishedSplit(store, staging, number, listing.fingerprint, signal), counts);
        count(metrics, counts, bytesRead);
        return result(counts, false);
      } finally {
        await staging.discard(attempt);
      }
    } finally {
      release();
    }
  };
}

function count(metrics: StepMetrics, counts: SplitCounts, bytesRead: number): void {
  metrics.count(REPLAY_COUNTERS.rewind_records_decoded, counts.read);
  metrics.count(REPLAY_COUNTERS.rewind_records_skipped, counts.skipped);
  metrics.count(REPLAY_COUNTERS.rewind_records_filtered, counts.filtered + counts.outOfRange);
  metrics.count(REPLAY_COUNTERS.rewind_bytes_decoded, bytesRead);
  metrics.count(REPLAY_COUNTERS.rewind_bytes_sorted, counts.bytesSorted);
}

/** The counts of a split whose sorted file is in place, whole, of this very sequence, and of as many records as they say. */
async function finishedSplit(
  store: FileStore,
  staging: Staging,
  split: number,
  fingerprint: string,
  signal: AbortSignal,
): Promise<SplitCounts | undefined> {
  const [path, countsPath] = [staging.sorted(`split-${split}`), staging.sorted(`split-${split}.json`)];
  const status = await store.status(path, signal);
  if (status === undefined) return undefined;
  const { records } = await openSortedFile(openFileSource(store, status), { fingerprint, signal });
  const counts = await readCounts(staging, split, signal);
  if (counts === undefined) return undefined;
  if (records !== counts.kept) throw unusable(path, `the ${counts.kept} records of ${countsPath}`, `${records}`);
  return counts;
}

/** What is in place may be another attempt's, and of another release: it must have found the same. */
function assertSame(path: string, present: SplitCounts | undefined, own: SplitCounts): void {
  const text = (counts: SplitCounts | undefined): string =>
    counts === undefined
      ? 'none'
      : `${counts.read} records read, ${counts.kept} kept, ${counts.skipped} skipped, ${counts.filtered} filtered, ${counts.outOfRange} out of range`;
  if (text(present) !== text(own)) throw unusable(path, text(own), text(present));
}
