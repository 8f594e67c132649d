import { crc32c } from '@node-rs/crc32';
import type { IndexEntry } from './section-index.ts';
import { BLOCK_HEAD_BYTES, ENTRY_HEAD_BYTES, MAX_INDEX_ENTRIES } from './sorted-file-layout.ts';
import { compareSortKeys, copySortKey, formatSortKey } from './sort-key.ts';
import type { SortKey } from './sort-key.ts';

/** Room in which blocks are put together. */
export interface BlockRoom {
  bytes: Buffer;
  /** Where the room begins in `bytes`. */
  start: number;
  /** Bytes of a block, unless a single entry is larger. */
  blockBytes: number;
}

/** Puts the entries of one section into blocks, and keeps the section's index. Entries must come in order. */
export class SectionWriter {
  readonly number: number;
  readonly position: number;
  readonly #room: BlockRoom;
  /** Where the block at hand is: in the room, or in bytes of its own where one entry is larger than the room. */
  #bytes: Buffer;
  #start: number;
  #at: number;
  #view: DataView;
  #count = 0;
  #blocks = 0;
  #indexEvery = 1;
  readonly #last: SortKey = { timeHi: 0, timeLo: 0, split: 0, sequence: 0 };
  first: SortKey | undefined;
  records = 0;
  bytes = 0;
  bodyBytes = 0;
  largestBody = 0;
  largestBlock = 0;
  index: IndexEntry[] = [];

  constructor(number: number, position: number, room: BlockRoom) {
    this.number = number;
    this.position = position;
    this.#room = room;
    this.#bytes = room.bytes;
    this.#start = room.start;
    this.#at = room.start + BLOCK_HEAD_BYTES;
    this.#view = new DataView(room.bytes.buffer, room.bytes.byteOffset, room.bytes.length);
  }

  /** Key of the last entry. */
  get last(): SortKey {
    return copySortKey(this.#last);
  }

  /** Whether the block at hand must be taken before an entry with such a body is appended. */
  isFull(bodyLength: number): boolean {
    return this.#count > 0 && this.#at - this.#start + ENTRY_HEAD_BYTES + bodyLength > this.#room.blockBytes;
  }

  /** Appends an entry whose body is `body[start..end)`; a body in the room's own array is moved within it. */
  append(key: SortKey, file: number, partition: number, body: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#count === 0) this.#beginBlock(key, length);
    if (this.first === undefined) this.first = copySortKey(key);
    else if (compareSortKeys(key, this.#last) <= 0)
      throw new RangeError(
        `entries of a section ascend strictly: ${formatSortKey(key)} came after ${formatSortKey(this.#last)}`,
      );
    const view = this.#view;
    const at = this.#at;
    view.setUint32(at, key.timeLo, true);
    view.setInt32(at + 4, key.timeHi, true);
    view.setUint32(at + 8, key.sequence, true);
    view.setUint32(at + 12, file, true);
    view.setUint32(at + 16, partition, true);
    view.setUint32(at + 20, length, true);
    // A view for each body costs 250 ns; moving within one array does not.
    if (body === this.#bytes) body.copyWithin(at + ENTRY_HEAD_BYTES, start, end);
    else this.#bytes.set(body.subarray(start, end), at + ENTRY_HEAD_BYTES);
    this.#at = at + ENTRY_HEAD_BYTES + length;
    this.#count++;
    this.bodyBytes += length;
    if (length > this.largestBody) this.largestBody = length;
    const last = this.#last;
    last.timeHi = key.timeHi;
    last.timeLo = key.timeLo;
    last.split = key.split;
    last.sequence = key.sequence;
  }

  /** Ends the block at hand and returns its bytes, in memory of their own; undefined where it has no entries. */
  takeBlock(): Uint8Array | undefined {
    if (this.#count === 0) return undefined;
    const length = this.#at - this.#start;
    const view = this.#view;
    const at = this.#start;
    view.setUint32(at + 4, length, true);
    view.setUint32(at + 8, this.number, true);
    view.setUint32(at + 12, this.#count, true);
    view.setBigUint64(at + 16, BigInt(this.records), true);
    view.setUint32(at, crc32c(this.#bytes.subarray(at + 4, this.#at)), true);
    const block = this.#inRoom ? copyOf(this.#bytes.subarray(at, this.#at)) : this.#bytes;
    this.records += this.#count;
    this.bytes += length;
    this.largestBlock = Math.max(this.largestBlock, length);
    this.#count = 0;
    this.#use(this.#room.bytes, this.#room.start);
    return block;
  }

  get #inRoom(): boolean {
    return this.#bytes === this.#room.bytes;
  }

  #beginBlock(first: SortKey, bodyLength: number): void {
    const needed = BLOCK_HEAD_BYTES + ENTRY_HEAD_BYTES + bodyLength;
    if (needed > this.#room.blockBytes) this.#use(Buffer.allocUnsafeSlow(needed), 0);
    if (this.#blocks % this.#indexEvery === 0) {
      if (this.index.length === MAX_INDEX_ENTRIES) {
        this.index = this.index.filter((_, number) => number % 2 === 0);
        this.#indexEvery *= 2;
      }
      this.index.push({ position: this.position + this.bytes, before: this.records, first: copySortKey(first) });
    }
    this.#blocks++;
  }

  #use(bytes: Buffer, start: number): void {
    if (bytes !== this.#bytes) this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start + BLOCK_HEAD_BYTES;
  }
}

/** Memory of its own, so that a block can be handed to another thread. */
function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
