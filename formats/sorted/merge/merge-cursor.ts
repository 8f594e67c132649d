import type { SortedEntry } from '../file/sorted-entry.ts';
import type { SortKey } from '../file/sort-key.ts';
import type { SectionSummary } from '../file/sorted-section.ts';

/**
 * Walks over the entries of one sorted run, of a file or in memory, and is itself the view of the entry at hand: its
 * fields are written to again by `advance`.
 */
export interface MergeCursor extends SortedEntry {
  /** The time as a rounded double: see `roundedTime`. */
  readonly time: number;
  readonly section: Pick<SectionSummary, 'first' | 'last' | 'records'>;
  /** Whether every entry has been passed. */
  readonly ended: boolean;
  /** Bytes in memory or under way that go with the cursor. */
  readonly bufferedBytes: number;
  /** Goes to the next entry. False: at the end, where `ended` says so, else `fill` must come first. */
  advance(): boolean;
  /** Waits for the bytes that `advance` was missing. */
  fill(): Promise<void>;
  /**
   * Goes behind all entries whose key is at or before `key`, so that `advance` gives the first one after it. Must come
   * before any `advance`.
   * @returns how many entries stand before
   */
  seekAfter(key: SortKey): Promise<number>;
  close(): void;
}
