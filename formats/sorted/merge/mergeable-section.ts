import { FormatError } from '../../format-error.ts';
import type { MergeCursor } from './merge-cursor.ts';
import { compareSortKeys, formatSortKey } from '../file/sort-key.ts';
import type { SectionSummary } from '../file/sorted-section.ts';

/** A section that a merge may come to: what the catalogue says of it, and how to open it. */
export interface MergeSection extends Pick<SectionSummary, 'first' | 'last' | 'records'> {
  /** File and section for messages. */
  name: string;
  /** Opens the section; called once, when the merge reaches its first key. */
  open(signal?: AbortSignal): Promise<MergeCursor>;
}

/** Opens a section, and checks that the file holds what the catalogue says. */
export async function openMergeSection(section: MergeSection, signal?: AbortSignal): Promise<MergeCursor> {
  const cursor = await named(section, () => section.open(signal));
  const { first, last, records } = cursor.section;
  if (
    compareSortKeys(first, section.first) !== 0 ||
    compareSortKeys(last, section.last) !== 0 ||
    records !== section.records
  ) {
    cursor.close();
    throw new FormatError(
      'corrupt',
      `${section.name}: the sorted file is not the one in the catalogue: write both again`,
      {
        expected: `${section.records} records from ${formatSortKey(section.first)} to ${formatSortKey(section.last)}`,
        found: `${records} records from ${formatSortKey(first)} to ${formatSortKey(last)}`,
      },
    );
  }
  return cursor;
}

/** Adds the section's name to what a reader says of its bytes: many files are open in a merge. */
export function nameError(section: MergeSection, error: unknown): unknown {
  return error instanceof FormatError
    ? new FormatError(error.fault, `${section.name}: ${error.message}`, { ...error.facts, cause: error })
    : error;
}

/** Runs `read`, naming the section in its errors. */
export async function named<T>(section: MergeSection, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw nameError(section, error);
  }
}
