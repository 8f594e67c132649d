import { crc32c } from '@node-rs/crc32';
import { FormatError } from '../../format-error.ts';
import { readU53 } from './field-reader.ts';
import type { SortedFile } from './open-sorted-file.ts';
import { SectionRanges } from './section-ranges.ts';
import { BLOCK_HEAD_BYTES, ENTRY_HEAD_BYTES } from './sorted-file-layout.ts';
import { hex } from './sorted-file-header.ts';
import type { MergeCursor } from '../merge/merge-cursor.ts';
import { compareSortKeys, formatSortKey, roundedTime } from './sort-key.ts';
import type { SortKey } from './sort-key.ts';
import type { SortedSection } from './sorted-section.ts';

export interface SectionCursorOptions {
  /** Bytes a read; at most two ranges and one block are held. @default 1 MiB */
  rangeBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

const DEFAULT_RANGE_BYTES = 1024 * 1024;
const NO_BYTES = new Uint8Array(0);

/**
 * Walks over the entries of one section, checking all that can be checked: checksums, lengths, counts, order, and the
 * footer's facts. The cursor is itself the view of the entry at hand: its fields are written to again by `advance`.
 */
export class SectionCursor implements MergeCursor {
  timeHi = 0;
  timeLo = 0;
  /** The time as a rounded double: see `roundedTime`. */
  time = 0;
  split = 0;
  sequence = 0;
  file = 0;
  partition = 0;
  bytes: Uint8Array = NO_BYTES;
  bodyStart = 0;
  bodyEnd = 0;
  /** Whether every entry has been passed. */
  ended = false;
  readonly sortedFile: SortedFile;
  readonly section: SortedSection;
  readonly #splits: Uint32Array;
  readonly #partitions: number;
  readonly #options: SectionCursorOptions;
  #ranges: SectionRanges;
  #view: DataView = new DataView(NO_BYTES.buffer);
  #blockPosition = 0;
  /** Where the next entry begins in `bytes`, and how many the block still has. */
  #at = 0;
  #left = 0;
  /** Entries before the next block. */
  #before = 0;
  #started = false;

  constructor(sortedFile: SortedFile, section: SortedSection, options: SectionCursorOptions = {}) {
    this.sortedFile = sortedFile;
    this.section = section;
    this.#splits = sortedFile.files.splits;
    this.#partitions = sortedFile.partitionRecords.length;
    this.#options = options;
    this.#ranges = this.#rangesFrom(section.position);
  }

  /** Bytes in memory or under way for this section. */
  get bufferedBytes(): number {
    return this.#ranges.bufferedBytes;
  }

  /** Goes to the next entry. False: at the end, where `ended` says so, else `fill` must come first. */
  advance(): boolean {
    if (this.#left === 0 && !this.#nextBlock()) return false;
    const view = this.#view;
    const at = this.#at;
    const bodyStart = at + ENTRY_HEAD_BYTES;
    if (bodyStart > view.byteLength)
      this.#corrupt('an entry goes beyond its block', `${view.byteLength}`, `${bodyStart}`);
    const timeLo = view.getUint32(at, true);
    const timeHi = view.getInt32(at + 4, true);
    const sequence = view.getUint32(at + 8, true);
    const file = view.getUint32(at + 12, true);
    const partition = view.getUint32(at + 16, true);
    const bodyEnd = bodyStart + view.getUint32(at + 20, true);
    if (bodyEnd > view.byteLength || (this.#left === 1 && bodyEnd !== view.byteLength))
      this.#corrupt('the entries of a block do not fill it', `${view.byteLength} bytes`, `${bodyEnd} bytes`);
    const split = this.#splits[file];
    if (split === undefined)
      return this.#corrupt('an input file is not in the table', `below ${this.#splits.length}`, `${file}`);
    if (partition >= this.#partitions)
      this.#corrupt('a partition is not in the footer', `below ${this.#partitions}`, `${partition}`);
    if (this.#started && !isAfter(this, timeHi, timeLo, split, sequence))
      this.#corrupt(
        'the entries are out of order',
        `a key after ${formatSortKey(this)}`,
        formatSortKey({ timeHi, timeLo, split, sequence }),
      );
    this.timeHi = timeHi;
    this.timeLo = timeLo;
    this.time = roundedTime(timeHi, timeLo);
    this.split = split;
    this.sequence = sequence;
    this.file = file;
    this.partition = partition;
    this.bodyStart = bodyStart;
    this.bodyEnd = bodyEnd;
    this.#at = bodyEnd;
    this.#left--;
    if (!this.#started) this.#checkFirst();
    return true;
  }

  /** Waits for the bytes that `advance` was missing. */
  async fill(): Promise<void> {
    await this.#ranges.fill();
  }

  /**
   * Goes behind all entries whose key is at or before `key`, so that `advance` gives the first one after it. Must come
   * before any `advance`. Reads from the block that the index names.
   * @returns how many entries of the section stand before
   */
  async seekAfter(key: SortKey): Promise<number> {
    if (this.#started) throw new RangeError('a cursor seeks before it advances');
    const { section } = this;
    if (compareSortKeys(key, section.first) < 0) return 0;
    if (compareSortKeys(key, section.last) >= 0) {
      this.ended = true;
      this.#ranges.close();
      return section.records;
    }
    const entry = section.index.lastNotAfter(key);
    this.#ranges.close();
    this.#ranges = this.#rangesFrom(entry.position);
    this.#before = entry.before;
    for (;;) {
      const { timeHi, timeLo, split, sequence } = this;
      const started = this.#started;
      if (!this.advance()) {
        if (this.ended) this.#corrupt('the last key stands too early', `an entry after ${formatSortKey(key)}`, 'none');
        await this.fill();
        continue;
      }
      if (!started && compareSortKeys(this, entry.first) !== 0)
        this.#corrupt('the index names another first key', formatSortKey(entry.first), formatSortKey(this));
      if (compareSortKeys(this, key) <= 0) continue;
      // One step back: the next `advance` gives this entry.
      this.#at = this.bodyStart - ENTRY_HEAD_BYTES;
      this.#left++;
      Object.assign(this, { timeHi, timeLo, split, sequence });
      return this.#before - this.#left;
    }
  }

  close(): void {
    this.ended = true;
    this.#left = 0;
    this.#ranges.close();
  }

  /** Takes the next block if its bytes are there. */
  #nextBlock(): boolean {
    if (this.ended) return false;
    const { section } = this;
    const end = section.position + section.bytes;
    const position = this.#ranges.position;
    this.#blockPosition = position;
    if (this.#before === section.records) {
      if (position !== end) this.#corrupt('a section goes on behind its last entry', `${end}`, `${position}`);
      if (compareSortKeys(this, section.last) !== 0)
        this.#corrupt('the last key is not the one in the footer', formatSortKey(section.last), formatSortKey(this));
      this.ended = true;
      return false;
    }
    if (end - position < BLOCK_HEAD_BYTES)
      this.#corrupt('a section ends before its last entry', `${section.records} entries`, `${this.#before}`);
    const head = this.#ranges.peek(BLOCK_HEAD_BYTES);
    if (head === undefined) return false;
    const length = new DataView(head.buffer, head.byteOffset, head.length).getUint32(4, true);
    const longest = Math.min(this.sortedFile.largestBlock, end - position);
    if (length < BLOCK_HEAD_BYTES + ENTRY_HEAD_BYTES || length > longest)
      this.#corrupt('the length of a block is wrong', `at most ${longest} bytes`, `${length} bytes`);
    const block = this.#ranges.peek(length);
    if (block === undefined) return false;
    this.#checkBlock(block);
    this.#ranges.skip(length);
    return true;
  }

  #checkBlock(block: Uint8Array): void {
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const [expected, found] = [view.getUint32(0, true), crc32c(block.subarray(4))];
    if (expected !== found) this.#corrupt('a block does not match its checksum', hex(expected), hex(found));
    if (view.getUint32(8, true) !== this.section.number)
      this.#corrupt('a block is of another section', `${this.section.number}`, `${view.getUint32(8, true)}`);
    const before = readU53(view, 16) ?? Infinity;
    if (before !== this.#before)
      this.#corrupt('a block is out of place', `${this.#before} entries before`, `${before}`);
    const count = view.getUint32(12, true);
    if (count === 0 || this.#before + count > this.section.records)
      this.#corrupt('a block has too many entries or none', `1 to ${this.section.records - this.#before}`, `${count}`);
    this.bytes = block;
    this.#view = view;
    this.#at = BLOCK_HEAD_BYTES;
    this.#left = count;
    this.#before += count;
  }

  #checkFirst(): void {
    const { first, position } = this.section;
    if (this.#blockPosition === position && compareSortKeys(this, first) !== 0)
      this.#corrupt('the first key is not the one in the footer', formatSortKey(first), formatSortKey(this));
    this.#started = true;
  }

  #rangesFrom(position: number): SectionRanges {
    const { rangeBytes = DEFAULT_RANGE_BYTES, signal } = this.#options;
    const { section, sortedFile } = this;
    return new SectionRanges(sortedFile.source, position, section.position + section.bytes, rangeBytes, signal);
  }

  #corrupt(what: string, expected: string, found: string): never {
    throw new FormatError('corrupt', `section ${this.section.number} of a sorted file: ${what}: write the file again`, {
      position: this.#blockPosition,
      expected,
      found,
    });
  }
}

function isAfter(last: SortKey, timeHi: number, timeLo: number, split: number, sequence: number): boolean {
  if (timeHi !== last.timeHi) return timeHi > last.timeHi;
  if (timeLo !== last.timeLo) return timeLo > last.timeLo;
  return split !== last.split ? split > last.split : sequence > last.sequence;
}
