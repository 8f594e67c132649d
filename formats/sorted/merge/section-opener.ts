import { FormatError } from '../../format-error.ts';
import { named, openMergeSection } from './mergeable-section.ts';
import type { MergeSection } from './mergeable-section.ts';
import type { OpenMergeSection } from './merge-heap.ts';
import { compareSortKeys, formatSortKey } from '../file/sort-key.ts';
import type { SortKey } from '../file/sort-key.ts';

export interface SectionOpenerOptions {
  /** Sections that may be open at once; where more would be, `fill` throws. */
  maxOpen: number;
  /** Sections to open before their turn, within `maxOpen`, so that the merge does not wait for each. @default 2 */
  openAhead?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A section that is being opened before its turn; `item` is there when it is. */
interface Opening {
  done: Promise<OpenMergeSection>;
  item?: OpenMergeSection;
}

/** Sections that are sought at the same time. */
const SEEKS_AT_ONCE = 8;

/** The sections that a merge has not come to, in the order of their first keys; opens them when it does. */
export class SectionOpener {
  readonly #maxOpen: number;
  readonly #openAhead: number;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #waiting: MergeSection[];
  /** Of `#waiting`, those before it have been taken. */
  #next = 0;
  /** The first sections of those that wait, being opened. */
  readonly #ahead: Opening[] = [];

  constructor(sections: Iterable<MergeSection>, { maxOpen, openAhead = 2, signal }: SectionOpenerOptions) {
    if (maxOpen < 1) throw new RangeError(`a merge has at least one section open, not ${maxOpen}`);
    this.#maxOpen = maxOpen;
    this.#openAhead = openAhead;
    this.#signal = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    this.#waiting = Array.from(sections).filter((section) => section.records > 0);
    this.#waiting.sort((a, b) => compareSortKeys(a.first, b.first));
  }

  /** First key of the next section that is not open. */
  get nextKey(): SortKey | undefined {
    return this.#waiting[this.#next]?.first;
  }

  /** Sections that are being opened before their turn. */
  get openAhead(): number {
    return this.#ahead.length;
  }

  /** Bytes that sections opened before their turn hold. */
  get bufferedBytes(): number {
    return this.#ahead.reduce((bytes, { item }) => bytes + (item?.cursor.bufferedBytes ?? 0), 0);
  }

  /** Opens the next section, at its first entry. `open` are open already. */
  async openNext(open: number): Promise<OpenMergeSection> {
    if (open >= this.#maxOpen) throw this.#tooMany(open + 1, this.nextKey!);
    this.#openMore(open, 1);
    const item = await this.#ahead[0]!.done;
    this.#ahead.shift();
    this.#next++;
    this.#openMore(open + 1, 0);
    return item;
  }

  /**
   * Drops every section that ends at or before `key` and opens those that go on behind it.
   * @returns the open ones, each at its first entry after `key`, and how many entries stand before
   */
  async seekAfter(key: SortKey): Promise<{ opened: OpenMergeSection[]; before: number }> {
    let before = 0;
    const across: MergeSection[] = [];
    this.#waiting = this.#waiting.slice(this.#next).filter((section) => {
      if (compareSortKeys(section.first, key) > 0) return true;
      if (compareSortKeys(section.last, key) <= 0) before += section.records;
      else across.push(section);
      return false;
    });
    this.#next = 0;
    if (across.length > this.#maxOpen) throw this.#tooMany(across.length, key);
    const opened: OpenMergeSection[] = [];
    try {
      for (let from = 0; from < across.length; from += SEEKS_AT_ONCE) {
        const sought = across.slice(from, from + SEEKS_AT_ONCE).map(async (section) => {
          const { item, before: passed } = await this.#open(section, key);
          opened.push(item);
          return passed;
        });
        const settled = await Promise.allSettled(sought);
        for (const one of settled)
          if (one.status === 'rejected') throw one.reason;
          else before += one.value;
      }
    } catch (error) {
      for (const { cursor } of opened) cursor.close();
      throw error;
    }
    return { opened, before };
  }

  /** Ends what is being opened. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting = [];
    for (const one of await Promise.allSettled(this.#ahead.splice(0).map(({ done }) => done)))
      if (one.status === 'fulfilled') one.value.cursor.close();
  }

  /** Begins to open more sections: at least `atLeast`, and as many ahead as fit. */
  #openMore(open: number, atLeast: number): void {
    const wanted = Math.max(atLeast, Math.min(this.#openAhead, this.#maxOpen - open));
    while (this.#ahead.length < wanted) {
      const section = this.#waiting[this.#next + this.#ahead.length];
      if (section === undefined) return;
      const opening: Opening = { done: this.#open(section).then(({ item }) => (opening.item = item)) };
      // Whoever comes to this section sees the failure.
      opening.done.catch(() => undefined);
      this.#ahead.push(opening);
    }
  }

  async #open(section: MergeSection, after?: SortKey): Promise<{ item: OpenMergeSection; before: number }> {
    const cursor = await openMergeSection(section, this.#signal);
    try {
      const before = await named(section, async () => {
        const passed = after === undefined ? 0 : await cursor.seekAfter(after);
        while (!cursor.advance()) {
          if (cursor.ended) throw noEntry(section);
          await cursor.fill();
        }
        return passed;
      });
      return { item: { cursor, section }, before };
    } catch (error) {
      cursor.close();
      throw error;
    }
  }

  #tooMany(open: number, at: SortKey): FormatError {
    return new FormatError('limit', 'too many sections overlap for one merge: run merge passes first', {
      expected: `at most ${this.#maxOpen} sections open at once`,
      found: `${open} at ${formatSortKey(at)}`,
    });
  }
}

function noEntry(section: MergeSection): FormatError {
  return new FormatError('corrupt', 'the section has no entry where one was expected: write the file again', {
    expected: `an entry up to ${formatSortKey(section.last)}`,
    found: 'the end of the section',
  });
}
