import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { MemoryBudget } from '../../step/memory-budget.ts';
import type { StepContext } from '../../step/run-step.ts';
import { parseStaged, unusable } from '../../step/staged-json.ts';
import { openMerge, rangeBytes } from '../publish/replay-sequence.ts';
import { Staging } from '../staging.ts';
import type { CatalogueInput } from '../steps.ts';
import { censusShape, OffsetCensus, type Census } from './offset-census.ts';

/** Records between two signs of life. */
const BEAT = 65_536;

/**
 * Goes once through all that will be merged, before anything is published, and counts its offsets: by the records that
 * are there twice, and by the offsets that are missing. What is found is put into staging; every attempt uses that.
 */
export async function takeCensus(
  { store, budget }: { store: FileStore; budget: MemoryBudget },
  { job, listing: { fingerprint } }: Pick<CatalogueInput, 'job' | 'listing'>,
  { files, overlap }: { files: readonly CatalogueFile[]; overlap: number },
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): Promise<Census> {
  const staging = new Staging(store, job.staging);
  const present = await staging.readSmall(staging.census, signal);
  if (present !== undefined) return decoded(staging.census, present, fingerprint);
  const release = await budget.take(overlap * 2 * rangeBytes(overlap), signal);
  const merge = openMerge(store, files, { job, fingerprint, overlap }, signal);
  try {
    const census = new OffsetCensus();
    for (;;) {
      while (merge.next()) {
        census.take(merge.entry);
        if (merge.position % BEAT === 0) progress({ counted: merge.position });
      }
      signal.throwIfAborted();
      if (!merge.needsData) break;
      await merge.fill();
    }
    const bytes = Buffer.from(JSON.stringify(census.result(fingerprint)));
    return decoded(staging.census, await staging.putSmall(staging.census, bytes, signal), fingerprint);
  } finally {
    await merge.close();
    release();
  }
}

/** The census that is in place. */
export async function readCensus(staging: Staging, fingerprint: string, signal?: AbortSignal): Promise<Census> {
  const bytes = await staging.readSmall(staging.census, signal);
  if (bytes === undefined) throw unusable(staging.census, 'the count of offsets that was made', 'no such file');
  return decoded(staging.census, bytes, fingerprint);
}

function decoded(path: string, bytes: Uint8Array, fingerprint: string): Census {
  const census = parseStaged(path, censusShape, bytes);
  if (census.fingerprint !== fingerprint)
    throw unusable(path, `the sequence ${fingerprint.slice(0, 12)}`, census.fingerprint.slice(0, 12));
  return census;
}
