import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { unusable } from '../../step/staged-json.ts';
import { assertMerged, otherPlan } from './check-merged.ts';
import type { MergeRound } from './merge-round.ts';
import { sectionsOf } from './plan-round.ts';

/**
 * Makes sure that a catalogue of level 0 lists every split once, in their order.
 *
 * @param splits all of a job, or those of a window; `end` is one past the last
 * @throws JobError 'staging-unusable'
 */
export function assertEverySplit(
  path: string,
  files: readonly CatalogueFile[],
  { first, end }: { first: number; end: number },
): void {
  const isOther = ({ firstSplit, lastSplit }: CatalogueFile, index: number): boolean =>
    firstSplit !== first + index || lastSplit !== first + index;
  const stray = files.findIndex(isOther);
  if (stray < 0 && files.length === end - first) return;
  const found = stray < 0 ? `${files.length} of them` : `${files[stray]?.path} in the place of split ${first + stray}`;
  throw unusable(path, `the splits ${first} to ${end - 1} in their order`, found);
}

/**
 * Makes sure that a catalogue lists as many records as were kept of its splits.
 *
 * @throws JobError 'staging-unusable'
 */
export function assertAllKept(path: string, files: readonly CatalogueFile[], kept: number): void {
  const records = recordsIn(files);
  if (records !== kept) throw unusable(path, `the ${kept} records that were sorted`, `${records}`);
}

/**
 * Makes sure that a catalogue holds what the round before it leaves: each section that was not merged, and each pass's
 * file with the records that it was to merge; nothing else.
 *
 * @throws JobError 'staging-unusable'
 */
export function assertFollows(
  path: string,
  files: readonly CatalogueFile[],
  { files: before, groups }: MergeRound,
  mergedPath: (pass: number) => string,
): void {
  const merged = new Set(groups.flat().map(({ file, number }) => `${file.path} ${number}`));
  const kept = sectionsOf(before)
    .map(({ file, number }) => `${file.path} ${number}`)
    .filter((name) => !merged.has(name));
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const [pass, group] of groups.entries()) {
    const file = byPath.get(mergedPath(pass));
    if (file === undefined) throw otherPlan(path, `the file of merge pass ${pass}, ${mergedPath(pass)}`, 'none');
    assertMerged(path, group, file);
    byPath.delete(file.path);
  }
  const found = sectionsOf([...byPath.values()]).map(({ file, number }) => `${file.path} ${number}`);
  if (found.join('\n') !== kept.join('\n'))
    throw otherPlan(path, `${kept.length} sections that were not merged`, `${found.length}, or others`);
  const [expected, records] = [recordsIn(before), recordsIn(files)];
  if (records !== expected) throw otherPlan(path, `the ${expected} records of the level before`, `${records}`);
}

function recordsIn(files: readonly CatalogueFile[]): number {
  return sectionsOf(files).reduce((sum, { records }) => sum + records, 0);
}
