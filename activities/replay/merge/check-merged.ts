import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import { compareSortKeys, formatSortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { SectionSummary, SortedFileSummary } from '../../../formats/sorted/file/sorted-section.ts';
import type { JobError } from '../../step/job-error.ts';
import { unusable } from '../../step/staged-json.ts';
import type { ListedSection } from './plan-round.ts';

/** Whoever wrote it, what was merged can be made again: the sorted files of the splits hold every record. */
const MERGE_AGAIN =
  'Another release merged by another plan. Remove sorted/merged-*, merge-plan-* and every catalogue but catalogue-0.jsonl from the staging folder, and take the job up again: they are made anew, and what is published stays right.';

type Merged = Pick<SortedFileSummary, 'firstSplit' | 'lastSplit' | 'records' | 'sections'>;

/**
 * Makes sure that a merged file holds what its pass was to merge: as many records, of the same splits, between the same
 * keys.
 *
 * @throws JobError 'staging-unusable'
 */
export function assertMerged(path: string, group: readonly ListedSection[], merged: Merged): void {
  const expected = covered(group, (section) => section.file);
  const found = covered(merged.sections, () => merged);
  if (expected !== found) throw otherPlan(path, expected, found);
}

/** The error about what was merged by another plan than the one in place. */
export function otherPlan(path: string, expected: string, found: string): JobError {
  return unusable(path, expected, found, MERGE_AGAIN);
}

function covered<S extends SectionSummary>(
  sections: readonly S[],
  fileOf: (section: S) => Pick<CatalogueFile, 'firstSplit' | 'lastSplit'>,
): string {
  const [head] = sections;
  if (head === undefined) return 'no records';
  const firstSplit = Math.min(...sections.map((section) => fileOf(section).firstSplit));
  const lastSplit = Math.max(...sections.map((section) => fileOf(section).lastSplit));
  const first = sections.map((section) => section.first).reduce((a, b) => (compareSortKeys(b, a) < 0 ? b : a));
  const last = sections.map((section) => section.last).reduce((a, b) => (compareSortKeys(b, a) > 0 ? b : a));
  const records = sections.reduce((sum, section) => sum + section.records, 0);
  return `${records} records of the splits ${firstSplit} to ${lastSplit} from key ${formatSortKey(first)} to ${formatSortKey(last)}`;
}
