import { FormatError } from '../../format-error.ts';
import { MergeHeap } from './merge-heap.ts';
import { nameError, named } from './mergeable-section.ts';
import type { MergeSection } from './mergeable-section.ts';
import { SectionOpener } from './section-opener.ts';
import type { SectionOpenerOptions } from './section-opener.ts';
import { compareSortKeys, formatSortKey, roundedTime } from '../file/sort-key.ts';
import type { SortKey } from '../file/sort-key.ts';
import type { SortedEntry } from '../file/sorted-entry.ts';

/**
 * Merges sections into the one sequence of the job, opening each when its first key is reached and closing it at its
 * end. `next` never waits:
 *
 *     for (;;) {
 *       while (merge.next()) use(merge.entry);
 *       if (!merge.needsData) break;
 *       await merge.fill();
 *     }
 *
 * An error is final: every later call throws it again.
 */
export class MergeStream {
  readonly #heap = new MergeHeap();
  readonly #opener: SectionOpener;
  /** Whether the top section's entry was handed out, so that `next` must go on from it. */
  #handedOut = false;
  /** As long as the top section's time is below all others', it stays on top without further comparing. */
  #limitTime = Infinity;
  #failure: Error | undefined;
  #sought = false;
  #position = 0;
  #needsData = false;

  constructor(sections: Iterable<MergeSection>, options: SectionOpenerOptions) {
    this.#opener = new SectionOpener(sections, options);
  }

  /** Entries of the whole sequence up to and with the one at hand. */
  get position(): number {
    return this.#position;
  }

  /** Why `next` returned false: true where `fill` must come, false at the end of the sequence. */
  get needsData(): boolean {
    return this.#needsData;
  }

  /** The entry at hand, until the next call of `next`. */
  get entry(): SortedEntry {
    return this.#heap.items[0]!.cursor;
  }

  /** Sections that are open or being opened. */
  get openSections(): number {
    return this.#heap.items.length + this.#opener.openAhead;
  }

  /** Bytes of sections in memory or under way. */
  get bufferedBytes(): number {
    const { items } = this.#heap;
    return items.reduce((bytes, { cursor }) => bytes + cursor.bufferedBytes, this.#opener.bufferedBytes);
  }

  /** Goes to the next entry of the sequence. */
  next(): boolean {
    const top = this.#heap.items[0];
    if (top === undefined || !this.#handedOut) return this.#handOut();
    const { cursor } = top;
    let advanced: boolean;
    try {
      advanced = cursor.advance();
    } catch (error) {
      throw this.#fail(nameError(top.section, error));
    }
    if (advanced) {
      if (cursor.time < this.#limitTime) {
        this.#position++;
        return true;
      }
      this.#heap.topMoved();
    } else if (cursor.ended) {
      cursor.close();
      this.#heap.pop();
    } else {
      this.#needsData = true;
      return false;
    }
    this.#handedOut = false;
    return this.#handOut();
  }

  /** Waits for what `next` was missing. */
  async fill(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const { top } = this.#heap;
    try {
      if (top !== undefined && this.#handedOut) await named(top.section, () => top.cursor.fill());
      else if (this.#mustOpen()) this.#heap.push(await this.#opener.openNext(this.#heap.items.length));
    } catch (error) {
      throw this.#fail(error);
    }
    this.#needsData = false;
  }

  /**
   * Goes behind all entries whose key is at or before `key`; at most once, and before the first `next`.
   * @returns how many entries of the sequence stand before: a position that was committed with `key` must equal it
   */
  async seekAfter(key: SortKey): Promise<number> {
    if (this.#sought || this.#position > 0 || this.#heap.items.length > 0)
      throw new RangeError('a merge seeks at most once, and before its first entry');
    this.#sought = true;
    try {
      const { opened, before } = await this.#opener.seekAfter(key);
      for (const item of opened) this.#heap.push(item);
      this.#position = before;
      return before;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Ends all reading; nothing can be read afterwards. */
  async close(): Promise<void> {
    this.#failure ??= new RangeError('the merge was closed');
    this.#handedOut = false;
    for (const { cursor } of this.#heap.items.splice(0)) cursor.close();
    await this.#opener.close();
  }

  /** Hands out the top section's entry, unless a section must be opened first. */
  #handOut(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    this.#needsData = this.#mustOpen();
    const top = this.#heap.items[0];
    if (this.#needsData || top === undefined) return false;
    this.#limitTime = Infinity;
    this.#keepBefore(top.cursor, this.#heap.runnerUp?.cursor);
    this.#keepBefore(top.cursor, this.#opener.nextKey);
    this.#handedOut = true;
    this.#position++;
    return true;
  }

  #keepBefore(key: SortKey, other: SortKey | undefined): void {
    if (other === undefined) return;
    this.#limitTime = Math.min(this.#limitTime, roundedTime(other.timeHi, other.timeLo));
    if (compareSortKeys(key, other) === 0)
      throw this.#fail(
        new FormatError('corrupt', 'a record stands in two sections of a merge: list each section once', {
          expected: 'every sort key once',
          found: `${formatSortKey(key)} twice`,
        }),
      );
  }

  /** Whether the next section that is not open begins at or before the top entry. */
  #mustOpen(): boolean {
    const key = this.#opener.nextKey;
    const top = this.#heap.items[0];
    return key !== undefined && (top === undefined || compareSortKeys(key, top.cursor) < 0);
  }

  #fail(error: unknown): Error {
    this.#failure ??= error instanceof Error ? error : new Error(String(error), { cause: error });
    return this.#failure;
  }
}
