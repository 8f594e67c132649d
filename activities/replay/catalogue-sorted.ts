import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { encodeCatalogue } from '../../formats/sorted/catalogue/encode-catalogue.ts';
import type { CatalogueFile } from '../../formats/sorted/catalogue/sorted-catalogue.ts';
import { compareInt64, int64ToBigInt } from '../../formats/int64.ts';
import type { Dependencies } from '../dependencies.ts';
import { checkDecoded } from './decode/check-decoded.ts';
import { assertEverySplit, assertFollows } from './merge/check-catalogue.ts';
import { assertMerged } from './merge/check-merged.ts';
import { ordersByRecords, tellsOffsets } from './job/own-offsets.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { describeSorted } from './merge/describe-sorted.ts';
import { judgeOffsets } from './merge/judge-offsets.ts';
import { mergeRound, type MergeRound } from './merge/merge-round.ts';
import { overlapOf } from './merge/plan-round.ts';
import type { Census } from './merge/offset-census.ts';
import { takeCensus } from './merge/take-census.ts';
import { mergedName } from './merge-pass.ts';
import { assertNoneMissing } from './offsets/offsets-of-records.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { assertFits } from './publish/record-size.ts';
import { whyNothing } from './publish/why-nothing.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { CatalogueInput, CatalogueSummary } from './steps.ts';
import { sayingPublished } from './windows/check-window.ts';

/**
 * Lists all sorted files with what a merge must know of them, so that publishing opens each when its first record is
 * due, and settles which of them are merged first. Also the last look before anything is published: that every record
 * of every split is listed, limits on skipped records, units of time, sizes.
 */
export function catalogueSorted(deps: Dependencies) {
  return async (input: CatalogueInput, { signal, progress }: StepContext): Promise<CatalogueSummary> => {
    const { job, level } = input;
    const afterWindows = input.afterWindows ?? input.listing.afterWindows ?? false;
    const remarks = sayingPublished(afterWindows, () => checkDecoded(input));
    const store = deps.hdfs(job.connections.hdfs);
    if (level === 0) await catalogueSplits(store, input, signal, progress);
    else await catalogueMerged(store, input, signal);
    const { files, groups } = await mergeRound(store, input, signal);
    const summary = summarise(files, overlapOf(files), groups.length, job.order === 'time');
    sayingPublished(afterWindows, () => assertFits(job, input.claim.maxMessageBytes, summary.largestRecord));
    if (groups.length === 0 && ordersByRecords(job)) {
      const merged = { files, overlap: summary.overlap };
      const census = await takeCensus({ store, budget: deps.budget }, input, merged, { signal, progress });
      remarks.push(...sayingPublished(afterWindows, () => judgeOffsets(job, census)));
      // What was skipped is missing for certain, and then no offsets are committed.
      if (input.decoded.skipped === 0) sayingPublished(afterWindows, () => assertNoneMissing(job, census));
      leaveOutRepeats(summary, census);
    } else if (groups.length === 0 && tellsOffsets(job)) remarks.push(asOftenAsThere(job.order));
    const all = summary.records === '0' ? [...remarks, whyNothing(job, input.decoded)] : remarks;
    return all.length === 0 ? summary : { ...summary, remarks: all };
  };
}

/** Records of an order that is not theirs can't be told from those that repeat them. */
function asOftenAsThere(order: ReplayJob['order']): string {
  return `the order is "${order}": records that stand in the archive twice are published as often, and offsets that none has are not told, as the order "offset" would`;
}

/** What will be published is each record once. */
function leaveOutRepeats(summary: CatalogueSummary, { repeats: all }: Census): void {
  const repeats = all.reduce((sum, one) => sum + BigInt(one.repeats), 0n);
  if (repeats === 0n) return;
  summary.records = (BigInt(summary.records) - repeats).toString();
  summary.repeats = repeats.toString();
}

/** Level 0: the sorted files of all splits. */
async function catalogueSplits(
  store: FileStore,
  input: CatalogueInput,
  signal: AbortSignal,
  progress: StepContext['progress'],
): Promise<void> {
  const { job, listing } = input;
  const staging = new Staging(store, job.staging);
  const path = staging.catalogue(0);
  if ((await store.status(path, signal)) === undefined)
    await staging.put(path, encodeCatalogue(listing, splitFiles(store, staging, input, signal, progress)), signal);
  assertEverySplit(path, await readCatalogue(store, staging, 0, listing.fingerprint, signal), input);
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

/** Any other level: what is left of the level before, and the files of its merge passes. */
async function catalogueMerged(store: FileStore, input: CatalogueInput, signal: AbortSignal): Promise<void> {
  const { job, listing, level } = input;
  const staging = new Staging(store, job.staging);
  const path = staging.catalogue(level);
  const { fingerprint } = listing;
  const round = await mergeRound(store, { job, listing, level: level - 1 }, signal);
  if ((await store.status(path, signal)) === undefined)
    await staging.put(
      path,
      encodeCatalogue({ fingerprint }, mergedFiles(store, staging, input, round, signal)),
      signal,
    );
  const files = await readCatalogue(store, staging, level, fingerprint, signal);
  assertFollows(path, files, round, (pass) => staging.sorted(mergedName(level - 1, pass)));
}

async function* mergedFiles(
  store: FileStore,
  staging: Staging,
  { listing, level }: CatalogueInput,
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
    const file = await describeSorted(store, path, listing.fingerprint, signal);
    assertMerged(path, group, file);
    yield file;
  }
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
