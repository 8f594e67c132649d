import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { encodeCatalogue } from '../../../formats/sorted/catalogue/encode-catalogue.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { StepContext } from '../../step/run-step.ts';
import { readCatalogue } from '../publish/read-catalogue.ts';
import type { Staging } from '../staging.ts';
import type { FileListing, StepInput } from '../steps.ts';
import { assertEverySplit, assertFollows } from './check-catalogue.ts';
import { assertMerged } from './check-merged.ts';
import { describeSorted } from './describe-sorted.ts';
import { mergeRound, type MergeRound } from './merge-round.ts';
import { mergedName } from './merged-name.ts';

/** Sorted files that are looked at at once. */
const AHEAD = 8;

/** Level 0: the sorted files of all splits, of the job or of a window; `end` is one past the last. */
export async function catalogueSplits(
  store: FileStore,
  staging: Staging,
  { fingerprint }: Pick<FileListing, 'fingerprint'>,
  splits: { first: number; end: number },
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): Promise<CatalogueFile[]> {
  const path = staging.catalogue(0);
  if ((await store.status(path, signal)) === undefined) {
    const files = splitFiles(store, staging, fingerprint, splits, { signal, progress });
    await staging.put(path, encodeCatalogue({ fingerprint }, files), signal);
  }
  const files = await readCatalogue(store, staging, 0, fingerprint, signal);
  assertEverySplit(path, files, splits);
  return files;
}

async function* splitFiles(
  store: FileStore,
  staging: Staging,
  fingerprint: string,
  { first, end }: { first: number; end: number },
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): AsyncGenerator<CatalogueFile> {
  const open = (split: number): Promise<CatalogueFile> =>
    describeSorted(store, staging.sorted(`split-${split}`), fingerprint, signal);
  for (let from = first; from < end; from += AHEAD) {
    const splits = Array.from({ length: Math.min(AHEAD, end - from) }, (_, index) => from + index);
    yield* await Promise.all(splits.map(open));
    progress({ catalogued: from + splits.length - first, of: end - first });
  }
}

/** Any other level: what is left of the level before, and the files of its merge passes. */
export async function catalogueMerged(
  store: FileStore,
  staging: Staging,
  { job, listing, level }: StepInput & { listing: FileListing; level: number },
  signal: AbortSignal,
): Promise<void> {
  const path = staging.catalogue(level);
  const { fingerprint } = listing;
  const round = await mergeRound(store, staging, { job, listing, level: level - 1 }, signal);
  if ((await store.status(path, signal)) === undefined) {
    const files = mergedFiles(store, staging, { fingerprint, level }, round, signal);
    await staging.put(path, encodeCatalogue({ fingerprint }, files), signal);
  }
  const files = await readCatalogue(store, staging, level, fingerprint, signal);
  assertFollows(path, files, round, (pass) => staging.sorted(mergedName(level - 1, pass)));
}

async function* mergedFiles(
  store: FileStore,
  staging: Staging,
  { fingerprint, level }: { fingerprint: string; level: number },
  { files, groups }: MergeRound,
  signal: AbortSignal,
): AsyncGenerator<CatalogueFile> {
  const merged = new Set(groups.flat().map(({ file, number }) => `${file.path} ${number}`));
  for (const file of files) {
    const sections = file.sections.filter(({ number }) => !merged.has(`${file.path} ${number}`));
    if (sections.length > 0) yield { ...file, sections };
  }
  for (const [pass, group] of groups.entries()) {
    const path = staging.sorted(mergedName(level - 1, pass));
    const file = await describeSorted(store, path, fingerprint, signal);
    assertMerged(path, group, file);
    yield file;
  }
}
