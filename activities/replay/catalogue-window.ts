import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { assertAllKept } from './merge/check-catalogue.ts';
import { mergeRound } from './merge/merge-round.ts';
import { overlapOf } from './merge/plan-round.ts';
import { summarise } from './merge/summarise.ts';
import { catalogueMerged, catalogueSplits } from './merge/write-catalogue.ts';
import { readWindows } from './manifest/read-manifest.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { Staging } from './staging.ts';
import type { CatalogueSummary, CatalogueWindowInput } from './steps.ts';
import { checkWindow } from './windows/check-window.ts';
import { putTotals, totalsInPlace } from './windows/kept-totals.ts';
import { withStagedWindow } from './windows/staged-counts.ts';
import { tellingWhatIsOut } from './windows/what-is-out.ts';
import { noTotals } from './windows/window-totals.ts';

const NOTHING: CatalogueSummary = {
  records: '0',
  sections: 0,
  overlap: 0,
  passes: 0,
  firstTime: undefined,
  lastTime: undefined,
  largestRecord: 0,
};

/**
 * `catalogueSorted` of one window that is sorted in staging: lists its sorted files, and settles which of them are merged
 * first. Also the last look before anything of the window is published, over all windows so far; their counts are put in
 * place as those of a window in memory are.
 */
export function catalogueWindow(deps: Dependencies) {
  return (input: CatalogueWindowInput, context: StepContext): Promise<CatalogueSummary> =>
    tellingWhatIsOut(deps, input.job, () => catalogue(deps, input, context));
}

async function catalogue(
  deps: Dependencies,
  input: CatalogueWindowInput,
  { signal, progress }: StepContext,
): Promise<CatalogueSummary> {
  const { job, listing, window, level } = input;
  const { number, firstSplit, endSplit } = window;
  const { windows, splits } = listing;
  if (windows === undefined) throw new TypeError(`the job ${job.id} is not sorted window by window`);
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging, number);
  const own = { first: firstSplit, end: endSplit };
  const files = await catalogueSplits(store, staging, listing, own, { signal, progress });
  const table = await readWindows(store, staging.manifest, { splits, windows }, signal);
  const before = number === 0 ? noTotals() : await totalsInPlace(staging, number - 1, signal);
  // Counts go when nobody asks again: the window is out, and a run that was reset to its middle comes by it once more.
  if (before === undefined) return NOTHING;
  const totals = await withStagedWindow(before, window, table[number]!, files, { staging, signal });
  checkWindow(input, totals, { isLast: number + 1 === windows.count });
  assertAllKept(staging.catalogue(0), files, totals.kept - before.kept);
  if (level > 0) await catalogueMerged(store, staging, input, signal);
  const { groups } = await mergeRound(store, staging, input, signal);
  if (groups.length === 0) await putTotals(staging, totals, signal);
  const left = await readCatalogue(store, staging, level, listing.fingerprint, signal);
  return summarise(left, overlapOf(left), groups.length, job.order === 'time');
}
