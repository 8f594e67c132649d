import { ByteWriter } from '../../byte-writer.ts';
import { sortByTime } from './radix-sort.ts';
import type { SortedRun } from './sorted-run.ts';
import { DEFAULT_BLOCK_BYTES } from '../file/sorted-file-layout.ts';

/** Two halves of the time, sequence, file, partition, end of the body, and two numbers to sort with: four bytes each. */
const BYTES_PER_ENTRY = 32;

/** Room at first for an entry of each so many bytes of the capacity, up to a limit. */
const FIRST_ENTRY_BYTES = 128;
const MOST_FIRST_ENTRIES = 1024;
const NO_NUMBERS = new Uint32Array(0);

/** Positions in the bodies are 32-bit numbers, and one body may go beyond the capacity. */
const MAX_CAPACITY = 2 ** 31;

/** An array of runs is one. */
export type SpareMemory = Pick<SortedRun[], 'pop'>;

export interface SortBufferOptions {
  /** Bytes of bodies and of what is kept beside them. One record more than fits is taken, however large. */
  capacity: number;
  /** Gives runs that nobody uses any more: their memory is used first. @default none */
  spare?: SpareMemory;
  /** Bytes behind the bodies, for who puts blocks together there. @default those of two blocks */
  beside?: number;
}

/**
 * Collects entries of one split in bounded memory and sorts them by (time, sequence). Bodies are written in place:
 * `begin()`, append to the writer, `commit(...)`. Memory is reserved for `capacity` with the first entry, and taken as it
 * is used.
 */
export class SortBuffer {
  readonly capacity: number;
  readonly #initialBytes: number;
  readonly #spare: SpareMemory;
  #writer = new ByteWriter(0);
  #committed = 0;
  #count = 0;
  #lastSequence = -1;
  /** Of the first `count` entries, in the order of their commits; `ends` is where each body ends in `bodies`. */
  timeHi = new Int32Array(0);
  timeLo = NO_NUMBERS;
  sequence = NO_NUMBERS;
  file = NO_NUMBERS;
  partition = NO_NUMBERS;
  ends = NO_NUMBERS;
  #order = NO_NUMBERS;
  #scratch = NO_NUMBERS;

  constructor({ capacity, spare = [], beside = 2 * DEFAULT_BLOCK_BYTES }: SortBufferOptions) {
    if (!Number.isSafeInteger(capacity) || capacity < BYTES_PER_ENTRY || capacity > MAX_CAPACITY)
      throw new RangeError(
        `the capacity of a sort buffer is a whole number of bytes from ${BYTES_PER_ENTRY} to ${MAX_CAPACITY}, not ${capacity}`,
      );
    this.capacity = capacity;
    this.#initialBytes = capacity + beside;
    this.#spare = spare;
  }

  /** Entries that are committed. */
  get count(): number {
    return this.#count;
  }

  get usedBytes(): number {
    return this.#committed + this.#count * BYTES_PER_ENTRY;
  }

  /** Whether the entries should be written out before the next one. */
  get isFull(): boolean {
    return this.usedBytes >= this.capacity;
  }

  /** Holds the bodies one after the other; `bytes` beyond them is free to use until the next `begin`. */
  get bodies(): ByteWriter {
    return this.#writer;
  }

  /** Starts a body, dropping one that was begun and not committed; append it to the returned writer. */
  begin(): ByteWriter {
    if (this.#writer.bytes.length === 0) this.#reserve();
    this.#writer.length = this.#committed;
    return this.#writer;
  }

  /** Takes what was appended since `begin` as the body of an entry. `sequence` must ascend through the whole split. */
  commit(timeHi: number, timeLo: number, sequence: number, file: number, partition: number): void {
    if (sequence <= this.#lastSequence || sequence > 0xffffffff)
      throw new RangeError(
        `sequence numbers of a split ascend within 32 bits: ${sequence} after ${this.#lastSequence}`,
      );
    const index = this.#count;
    if (index === this.ends.length) this.#grow();
    this.timeHi[index] = timeHi;
    this.timeLo[index] = timeLo;
    this.sequence[index] = sequence;
    this.file[index] = file;
    this.partition[index] = partition;
    this.ends[index] = this.#committed = this.#writer.length;
    this.#lastSequence = sequence;
    this.#count = index + 1;
  }

  /** The indices of all entries, ascending by (time, sequence); the first `count` numbers, valid until the next call. */
  sort(): Uint32Array<ArrayBuffer> {
    if (this.#order.length < this.#count) this.#order = new Uint32Array(this.ends.length);
    if (this.#scratch.length < this.#count) this.#scratch = new Uint32Array(this.ends.length);
    return sortByTime(this.timeHi, this.timeLo, this.#count, this.#order, this.#scratch);
  }

  /** Forgets the entries: the next ones are the next section of the same split. */
  clear(): void {
    this.#count = 0;
    this.#committed = 0;
    // A body far beyond the capacity must not keep its memory for ever.
    if (this.#writer.bytes.length > this.#initialBytes) this.#writer = new ByteWriter(this.#initialBytes);
    this.#writer.length = 0;
  }

  /**
   * Gives the entries away in order, with the memory that they are in; the next ones are the next section of the same
   * split.
   */
  take(split: number): SortedRun {
    const order = this.sort();
    const [count, bytes, bodies] = [this.#count, this.usedBytes, this.#writer.bytes];
    const { timeHi, timeLo, sequence, file, partition, ends } = this;
    let largestBody = 0;
    for (let index = 0; index < count; index += 1)
      largestBody = Math.max(largestBody, ends[index]! - (index === 0 ? 0 : ends[index - 1]!));
    // The other one is kept to sort the next ones with.
    if (order === this.#scratch) this.#scratch = this.#order;
    this.#order = NO_NUMBERS;
    this.#writer = new ByteWriter(0);
    this.clear();
    return { split, count, bodies, timeHi, timeLo, sequence, file, partition, ends, order, bytes, largestBody };
  }

  /** Forgets the entries and the sequence: the next ones are another split's. */
  startSplit(): void {
    this.clear();
    this.#lastSequence = -1;
  }

  /** Memory for entries, where there is none: that of a spare run, or new one. */
  #reserve(): void {
    const spare = this.#spare.pop();
    if (spare === undefined) {
      this.#writer = new ByteWriter(this.#initialBytes);
      const entries = Math.min(MOST_FIRST_ENTRIES, Math.ceil(this.capacity / FIRST_ENTRY_BYTES));
      this.timeHi = new Int32Array(entries);
      this.timeLo = new Uint32Array(entries);
      this.sequence = new Uint32Array(entries);
      this.file = new Uint32Array(entries);
      this.partition = new Uint32Array(entries);
      this.ends = new Uint32Array(entries);
      return;
    }
    const { buffer, byteOffset, byteLength } = spare.bodies;
    this.#writer = new ByteWriter(Buffer.from(buffer, byteOffset, byteLength));
    ({
      timeHi: this.timeHi,
      timeLo: this.timeLo,
      sequence: this.sequence,
      file: this.file,
      partition: this.partition,
      ends: this.ends,
      order: this.#order,
    } = spare);
  }

  #grow(): void {
    const most = Math.ceil(this.capacity / BYTES_PER_ENTRY) + 1;
    const length = Math.max(this.#count + 1, Math.min(this.#count * 2, most));
    const grown = (column: Uint32Array): Uint32Array<ArrayBuffer> => {
      const larger = new Uint32Array(length);
      larger.set(column);
      return larger;
    };
    const timeHi = new Int32Array(length);
    timeHi.set(this.timeHi);
    this.timeHi = timeHi;
    this.timeLo = grown(this.timeLo);
    this.sequence = grown(this.sequence);
    this.file = grown(this.file);
    this.partition = grown(this.partition);
    this.ends = grown(this.ends);
  }
}
