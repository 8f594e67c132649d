import { JobError } from '../../step/job-error.ts';
import { parseStaged } from '../../step/staged-json.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { SplitCounts } from '../decode/split-decoder.ts';
import type { Staging } from '../staging.ts';
import type { StagedWindow } from '../steps.ts';
import { countsShape } from '../stored-shapes.ts';
import type { Window } from './window-planner.ts';
import { withWindow, type WindowTotals } from './window-totals.ts';

/** Small files that are read at once. */
const AT_ONCE = 8;

/** What became of the records of a split that is sorted in staging; undefined where it isn't yet. */
export async function readCounts(
  staging: Staging,
  split: number,
  signal: AbortSignal,
): Promise<SplitCounts | undefined> {
  const path = staging.sorted(`split-${split}.json`);
  const bytes = await staging.readSmall(path, signal);
  return bytes === undefined ? undefined : parseStaged(path, countsShape, bytes);
}

/**
 * Totals up to a window that is sorted in staging.
 *
 * @param files the sorted files of its splits, in their order
 * @throws JobError where counts of a split are gone
 */
export async function withStagedWindow(
  before: WindowTotals,
  { firstSplit, endSplit }: StagedWindow,
  window: Window,
  files: readonly CatalogueFile[],
  { staging, signal }: { staging: Staging; signal: AbortSignal },
): Promise<WindowTotals> {
  const counts: SplitCounts[] = [];
  for (let from = firstSplit; from < endSplit; from += AT_ONCE) {
    const several = Array.from({ length: Math.min(AT_ONCE, endSplit - from) }, (_, index) => from + index);
    counts.push(...(await Promise.all(several.map((split) => countsOf(staging, split, signal)))));
  }
  const splits = counts.map((each, index) => {
    const { partitionRecords, largestBody } = files[index]!;
    return { ...each, partitionRecords, largestBody };
  });
  const runs = files.flatMap(({ sections }) => sections.filter(({ records }) => records > 0));
  return withWindow(before, { window, splits, runs: runs.map((section) => ({ section })) });
}

async function countsOf(staging: Staging, split: number, signal: AbortSignal): Promise<SplitCounts> {
  const counts = await readCounts(staging, split, signal);
  if (counts !== undefined) return counts;
  const path = staging.sorted(`split-${split}.json`);
  throw new JobError(
    'staging-lost',
    `The counts ${path} are gone while the job runs: was the staging folder cleaned? Start the job again.`,
    { path },
  );
}
