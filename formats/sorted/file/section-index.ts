import { readKey, readU53 } from './field-reader.ts';
import type { FieldReader } from './field-reader.ts';
import { INDEX_ENTRY_BYTES } from './sorted-file-layout.ts';
import { compareSortKeys } from './sort-key.ts';
import type { SortKey } from './sort-key.ts';

/** Where a block begins. */
export interface IndexEntry {
  /** Position of the block in the file. */
  position: number;
  /** Entries of the section that stand before the block. */
  before: number;
  /** Key of the block's first entry. */
  first: SortKey;
}

/** The sparse index of a section, left in the bytes of the footer: 32 bytes an entry. */
export class SectionIndex {
  readonly length: number;
  readonly #view: DataView;
  readonly #start: number;

  /** Takes `length` entries from the reader. */
  constructor(reader: FieldReader, length: number) {
    this.length = length;
    this.#view = reader.view;
    this.#start = reader.skip(length * INDEX_ENTRY_BYTES, 'index of a section');
  }

  entry(number: number): IndexEntry {
    const at = this.#start + number * INDEX_ENTRY_BYTES;
    return {
      position: readU53(this.#view, at) ?? Infinity,
      before: readU53(this.#view, at + 8) ?? Infinity,
      first: readKey(this.#view, at + 16),
    };
  }

  /** The last entry whose first key is not after `key`; the first entry where there is none. */
  lastNotAfter(key: SortKey): IndexEntry {
    let low = 0;
    let high = this.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (compareSortKeys(this.entry(middle).first, key) <= 0) low = middle;
      else high = middle;
    }
    return this.entry(low);
  }
}
