import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { encodeCatalogue } from '../../formats/sorted/catalogue/encode-catalogue.ts';
import { openSortedFile } from '../../formats/sorted/file/open-sorted-file.ts';
import type { CatalogueFile } from '../../formats/sorted/catalogue/sorted-catalogue.ts';
import { compareInt64, int64ToBigInt } from '../../formats/int64.ts';
import type { Dependencies } from '../dependencies.ts';
import { checkDecoded } from './decode/check-decoded.ts';
import { mergedName } from './merge-pass.ts';
import { planRound } from './publish/merge-groups.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { assertFits } from './publish/record-size.ts';
import { openStaged } from './publish/replay-sequence.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { CatalogueInput, CatalogueSummary } from './steps.ts';

/**
 * Lists all sorted files with what a merge must know of them, so that publishing opens each when its first record is
 * due. Also the last look before anything is published: limits on skipped records, units of time, sizes.
 */
export function catalogueSorted(deps: Dependencies) {
  return async (input: CatalogueInput, { signal, progress }: StepContext): Promise<CatalogueSummary> => {
    const { job, listing, level } = input;
    checkDecoded(input);
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging);
    const { fingerprint } = listing;
    if ((await store.status(staging.catalogue(level), signal)) === undefined) {
      const files =
        level === 0 ? splitFiles(store, staging, input, signal, progress) : mergedFiles(store, staging, input, signal);
      await staging.put(staging.catalogue(level), encodeCatalogue({ fingerprint }, files), signal);
    }
    const files = await readCatalogue(store, staging, level, fingerprint, signal);
    const { groups, overlap } = planRound(files, job.tuning.mergeFanIn);
    const summary = summarise(files, overlap, groups.length, job.order === 'time');
    assertFits(job, input.claim.maxMessageBytes, summary.largestRecord);
    return summary;
  };
}

async function* splitFiles(
  store: FileStore,
  staging: Staging,
  { listing }: CatalogueInput,
  signal: AbortSignal,
  progress: StepContext['progress'],
): AsyncGenerator<CatalogueFile> {
  const ahead = 8;
  const open = (split: number): Promise<CatalogueFile> =>
    describeSorted(store, staging.sorted(`split-${split}`), listing.fingerprint, signal);
  for (let from = 0; from < listing.splits; from += ahead) {
    const splits = Array.from({ length: Math.min(ahead, listing.splits - from) }, (_, index) => from + index);
    yield* await Promise.all(splits.map(open));
    progress({ catalogued: from + splits.length, of: listing.splits });
  }
}

/** The catalogue of the level before, with the files of its merge passes in the place of the sections they merged. */
async function* mergedFiles(
  store: FileStore,
  staging: Staging,
  { job, listing, level }: CatalogueInput,
  signal: AbortSignal,
): AsyncGenerator<CatalogueFile> {
  const before = await readCatalogue(store, staging, level - 1, listing.fingerprint, signal);
  const { groups } = planRound(before, job.tuning.mergeFanIn);
  const merged = new Set(groups.flat().map(({ file, number }) => `${file.path} ${number}`));
  for (const file of before) {
    const sections = file.sections.filter(({ number }) => !merged.has(`${file.path} ${number}`));
    if (sections.length > 0) yield { ...file, sections };
  }
  for (const pass of groups.keys())
    yield await describeSorted(store, staging.sorted(mergedName(level - 1, pass)), listing.fingerprint, signal);
}

async function describeSorted(
  store: FileStore,
  path: string,
  fingerprint: string,
  signal: AbortSignal,
): Promise<CatalogueFile> {
  const source = await openStaged(store, path, signal);
  const {
    fingerprint: _same,
    source: _source,
    files: _files,
    sections,
    ...facts
  } = await openSortedFile(source, { fingerprint, signal });
  return {
    ...facts,
    path,
    length: source.length,
    tailBytes: source.length - facts.dataEnd,
    sections: sections.map(({ number, first, last, records, bytes }) => ({ number, first, last, records, bytes })),
  };
}

function summarise(
  files: readonly CatalogueFile[],
  overlap: number,
  passes: number,
  byTime: boolean,
): CatalogueSummary {
  const sections = files.flatMap((file) => file.sections);
  const compareTimes = (a: { timeHi: number; timeLo: number }, b: { timeHi: number; timeLo: number }): number =>
    compareInt64(a.timeHi, a.timeLo, b.timeHi, b.timeLo);
  const first = sections
    .map((section) => section.first)
    .reduce(
      (least, key) => (compareTimes(key, least) < 0 ? key : least),
      sections[0]?.first ?? { timeHi: 0, timeLo: 0 },
    );
  const last = sections
    .map((section) => section.last)
    .reduce((most, key) => (compareTimes(key, most) > 0 ? key : most), sections[0]?.last ?? { timeHi: 0, timeLo: 0 });
  const text = ({ timeHi, timeLo }: { timeHi: number; timeLo: number }): string | undefined =>
    sections.length === 0 || !byTime ? undefined : int64ToBigInt(timeHi, timeLo).toString();
  return {
    records: sections.reduce((sum, section) => sum + BigInt(section.records), 0n).toString(),
    sections: sections.length,
    overlap,
    passes,
    firstTime: text(first),
    lastTime: text(last),
    largestRecord: files.reduce((most, file) => Math.max(most, file.largestBody), 0),
  };
}
