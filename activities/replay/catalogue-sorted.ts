import type { Dependencies } from '../dependencies.ts';
import { checkDecoded } from './decode/check-decoded.ts';
import { assertAllKept } from './merge/check-catalogue.ts';
import { ordersByRecords, tellsOffsets } from './job/own-offsets.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { judgeOffsets } from './merge/judge-offsets.ts';
import { mergeRound } from './merge/merge-round.ts';
import { overlapOf } from './merge/plan-round.ts';
import type { Census } from './merge/offset-census.ts';
import { summarise } from './merge/summarise.ts';
import { takeCensus } from './merge/take-census.ts';
import { catalogueMerged, catalogueSplits } from './merge/write-catalogue.ts';
import { assertNoneMissing } from './offsets/offsets-of-records.ts';
import { assertFits } from './publish/record-size.ts';
import { whyNothing } from './publish/why-nothing.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { CatalogueInput, CatalogueSummary } from './steps.ts';
import { tellingWhatIsOut } from './windows/what-is-out.ts';

/**
 * Lists all sorted files with what a merge must know of them, so that publishing opens each when its first record is
 * due, and settles which of them are merged first. Also the last look before anything is published: that every record
 * of every split is listed, limits on skipped records, units of time, sizes.
 */
export function catalogueSorted(deps: Dependencies) {
  return (input: CatalogueInput, context: StepContext): Promise<CatalogueSummary> =>
    tellingWhatIsOut(deps, input.job, () => catalogue(deps, input, context));
}

async function catalogue(
  deps: Dependencies,
  input: CatalogueInput,
  { signal, progress }: StepContext,
): Promise<CatalogueSummary> {
  const { job, level } = input;
  const remarks = checkDecoded(input);
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging);
  if (level > 0) await catalogueMerged(store, staging, input, signal);
  else {
    const all = { first: 0, end: input.listing.splits };
    const files = await catalogueSplits(store, staging, input.listing, all, { signal, progress });
    assertAllKept(staging.catalogue(0), files, input.decoded.kept);
  }
  const { files, groups } = await mergeRound(store, staging, input, signal);
  const summary = summarise(files, overlapOf(files), groups.length, job.order === 'time');
  assertFits(job, input.claim.maxMessageBytes, summary.largestRecord);
  if (groups.length === 0 && ordersByRecords(job)) {
    const merged = { files, overlap: summary.overlap };
    const census = await takeCensus({ store, budget: deps.budget }, input, merged, { signal, progress });
    remarks.push(...judgeOffsets(job, census));
    // What was skipped is missing for certain, and then no offsets are committed.
    if (input.decoded.skipped === 0) assertNoneMissing(job, census);
    leaveOutRepeats(summary, census);
  } else if (groups.length === 0 && tellsOffsets(job)) remarks.push(asOftenAsThere(job.order));
  const all = summary.records === '0' ? [...remarks, whyNothing(job, input.decoded)] : remarks;
  return all.length === 0 ? summary : { ...summary, remarks: all };
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
