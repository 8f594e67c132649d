import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { MemoryBudget } from '../../step/memory-budget.ts';
import type { StepContext } from '../../step/run-step.ts';
import { parseStaged, unusable } from '../../step/staged-json.ts';
import type { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import { int64FromBigInt, int64ToBigInt } from '../../../formats/int64.ts';
import { StagedParts } from '../../step/staged-parts.ts';
import { beforeOffset, openMerge, rangeBytes } from '../publish/replay-sequence.ts';
import { Staging } from '../staging.ts';
import type { CatalogueInput } from '../steps.ts';
import { censusOfSplits } from './census-of-splits.ts';
import { censusPartShape, censusShape, OffsetCensus, type Census, type CensusPart } from './offset-census.ts';

/** Records between two signs of life. */
const BEAT = 65_536;
/** Records that are counted anew at most, some seconds of work, unless there would be more parts than so many. */
const PART_RECORDS = 4_000_000;
const MOST_PARTS = 250;

/**
 * Counts the offsets of all that will be merged, before anything is published: the records that are there twice, and the
 * offsets that are missing. By what the splits tell; where that is not enough, everything is gone through once. What is
 * found is put into staging: every attempt uses that.
 */
export async function takeCensus(
  { store, budget }: { store: FileStore; budget: MemoryBudget },
  { job, listing }: Pick<CatalogueInput, 'job' | 'listing'>,
  { files, overlap }: { files: readonly CatalogueFile[]; overlap: number },
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
  partRecords = PART_RECORDS,
): Promise<Census> {
  const { fingerprint } = listing;
  const staging = new Staging(store, job.staging);
  const present = await staging.readSmall(staging.census, signal);
  if (present !== undefined) return decoded(staging.census, present, fingerprint);
  const all = files.reduce((sum, { sections }) => sections.reduce((of, { records }) => of + records, sum), 0);
  const context = { signal, progress };
  const census =
    (await censusOfSplits(staging, listing, all, context)) ??
    (await throughAll({ store, budget }, { job, listing }, { files, overlap, all }, context, partRecords));
  const bytes = Buffer.from(JSON.stringify(census));
  return decoded(staging.census, await staging.putSmall(staging.census, bytes, signal), fingerprint);
}

/** From time to time what is counted is put into staging, too. */
async function throughAll(
  { store, budget }: { store: FileStore; budget: MemoryBudget },
  { job, listing: { fingerprint } }: Pick<CatalogueInput, 'job' | 'listing'>,
  { files, overlap, all }: { files: readonly CatalogueFile[]; overlap: number; all: number },
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
  partRecords: number,
): Promise<Census> {
  const staging = new Staging(store, job.staging);
  const every = Math.max(partRecords, Math.ceil(all / MOST_PARTS));
  const release = await budget.take(overlap * 2 * rangeBytes(overlap), signal);
  const merge = openMerge(store, files, { job, fingerprint, overlap }, signal);
  try {
    const parts = new StagedParts<CensusPart>(store, staging, 'offset-census', censusPartShape);
    const census = await goOn(merge, await parts.newest(signal), fingerprint);
    let partAt = merge.position + every;
    for (;;) {
      while (merge.next()) {
        if (merge.position > partAt && census.isBehind(merge.entry)) {
          const { timeHi, timeLo } = merge.entry;
          const reached = { position: merge.position - 1, offset: int64ToBigInt(timeHi, timeLo).toString() };
          await parts.put({ ...census.result(fingerprint), ...reached }, signal);
          partAt = reached.position + every;
        }
        census.take(merge.entry);
        if (merge.position % BEAT === 0) progress({ counted: merge.position });
      }
      signal.throwIfAborted();
      if (!merge.needsData) break;
      await merge.fill();
    }
    return census.result(fingerprint);
  } finally {
    await merge.close();
    release();
  }
}

/** What was counted before some offset; the merge stands there then. */
async function goOn(
  merge: MergeStream,
  newest: { path: string; part: CensusPart } | undefined,
  fingerprint: string,
): Promise<OffsetCensus> {
  if (newest === undefined) return new OffsetCensus();
  const { path, part } = newest;
  assertOf(path, part, fingerprint);
  const { hi, lo } = int64FromBigInt(BigInt(part.offset));
  const before = await merge.seekAfter(beforeOffset({ timeHi: hi, timeLo: lo }));
  if (before !== part.position)
    throw unusable(path, `${before} records before the offset ${part.offset}`, `${part.position}`);
  return new OffsetCensus(part);
}

/** The census that is in place. */
export async function readCensus(staging: Staging, fingerprint: string, signal?: AbortSignal): Promise<Census> {
  const bytes = await staging.readSmall(staging.census, signal);
  if (bytes === undefined) throw unusable(staging.census, 'the count of offsets that was made', 'no such file');
  return decoded(staging.census, bytes, fingerprint);
}

function decoded(path: string, bytes: Uint8Array, fingerprint: string): Census {
  const census = parseStaged(path, censusShape, bytes);
  assertOf(path, census, fingerprint);
  return census;
}

function assertOf(path: string, census: Census, fingerprint: string): void {
  if (census.fingerprint !== fingerprint)
    throw unusable(path, `the sequence ${fingerprint.slice(0, 12)}`, census.fingerprint.slice(0, 12));
}
