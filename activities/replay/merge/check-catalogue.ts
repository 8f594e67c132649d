import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { unusable } from '../../step/staged-json.ts';
import type { CatalogueInput } from '../steps.ts';
import { assertMerged, otherPlan } from './check-merged.ts';
import type { MergeRound } from './merge-round.ts';
import { sectionsOf } from './plan-round.ts';

/**
 * Makes sure that the catalogue of level 0 lists every split once, with as many records as were kept of all of them.
 *
 * @throws JobError 'staging-unusable'
 */
export function assertEverySplit(
  path: string,
  files: readonly CatalogueFile[],
  { listing, decoded }: Pick<CatalogueInput, 'listing' | 'decoded'>,
): void {
  const stray = files.findIndex(({ firstSplit, lastSplit }, split) => firstSplit !== split || lastSplit !== split);
  if (stray >= 0 || files.length !== listing.splits) {
    const found = stray < 0 ? `${files.length} of them` : `${files[stray]?.path} in the place of split ${stray}`;
    throw unusable(path, `the splits 0 to ${listing.splits - 1} in their order`, found);
  }
  const records = recordsIn(files);
  if (records !== decoded.kept) throw unusable(path, `the ${decoded.kept} records that were sorted`, `${records}`);
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
