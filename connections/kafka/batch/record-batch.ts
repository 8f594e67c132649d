import { compareInt64, int64ToBigInt } from '../../../formats/int64.ts';
import { copyWords, MOST_IN_WORDS, wordsOf } from '../../../formats/words.ts';
import { BatchBuffers } from './batch-buffers.ts';
import type { RecordBatch } from '../publish/publish-port.ts';

/** Name of the header that carries a record's place in the replay's sequence, as a decimal number in ASCII. */
export const ORDINAL_HEADER = 'rewind-ordinal';

/** Bytes of the header that stands before the records of a batch. */
export const BATCH_HEADER_BYTES = 61;

export interface RecordBatchOptions {
  topic: string;
  partition: number;
  /** Bytes reserved at first for the records of a batch; grows where a batch turns out larger. @default 1 MiB */
  capacity?: number;
  /** Where buffers come from; instead of `capacity`. */
  buffers?: BatchBuffers;
  /** Whether every record gets the header `rewind-ordinal`, before its other headers. @default true */
  ordinals?: boolean;
}

const NO_HEADERS = new Uint8Array(0);
// Longest forms: record length, attributes, timestamp delta, offset delta, header count, ordinal header.
const RECORD_OVERHEAD = 5 + 1 + 10 + 5 + 5 + (1 + ORDINAL_HEADER.length + 1 + 16);
const NO_WORDS = wordsOf(NO_HEADERS);
/** Bytes that are copied one by one: a view of where they come from costs more than that. */
const SHORT = 32;

const encodedOrdinalName = Buffer.concat([Buffer.from([ORDINAL_HEADER.length << 1]), Buffer.from(ORDINAL_HEADER)]);

/**
 * Builds the records of Kafka's record batch v2 from pieces that are encoded already; one builder a partition.
 * A record costs no allocation beyond growth of the batch, so nothing here takes or returns objects.
 */
export class RecordBatchBuilder {
  readonly topic: string;
  readonly partition: number;
  /** Records in the batch so far. */
  count = 0;
  readonly #buffers: BatchBuffers;
  readonly #ordinals: boolean;
  readonly #digits = new Uint8Array(16);
  #bytes: Uint8Array = NO_HEADERS;
  /** The same, for who stores four bytes at once. */
  #words = NO_WORDS;
  /** Where the last body came from, as a rule with many others. */
  #body: Uint8Array = NO_HEADERS;
  #bodyWords = NO_WORDS;
  #length = 0;
  #firstHi = 0;
  #firstLo = 0;
  #maxHi = 0;
  #maxLo = 0;

  constructor(options: RecordBatchOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.#buffers = options.buffers ?? new BatchBuffers(options.capacity ?? 1024 * 1024);
    this.#ordinals = options.ordinals ?? true;
  }

  /** Size of the batch on the wire, uncompressed, header included: what `max.message.bytes` is compared with. */
  get byteLength(): number {
    return BATCH_HEADER_BYTES + this.#length;
  }

  /** An upper bound of `byteLength` after a record with this many bytes of body and headers has been added. */
  byteLengthWith(bodyAndHeaders: number): number {
    return this.byteLength + RECORD_OVERHEAD + bodyAndHeaders;
  }

  /**
   * Adds a record.
   * @param hi upper half of the timestamp (milliseconds since 1970, signed)
   * @param lo lower half of the timestamp, unsigned
   * @param body holds key and value from `start` to `end`: each its length as a zigzag varint (-1 for null), then bytes
   * @param ordinal place in the sequence, a safe integer from 0; not written where `ordinals` is false
   * @param headers holds `headerCount` more headers from `headersStart` to `headersEnd`: each the name's length as a
   *   zigzag varint, the name, the value's length likewise (-1 for null), the value
   * @param moreCount headers that come behind those, likewise, from `moreStart` to `moreEnd` of `body`
   */
  add(
    hi: number,
    lo: number,
    body: Uint8Array,
    start: number,
    end: number,
    ordinal: number,
    headers: Uint8Array = NO_HEADERS,
    headersStart = 0,
    headersEnd: number = headers.length,
    headerCount = 0,
    moreStart = 0,
    moreEnd = 0,
    moreCount = 0,
  ): void {
    if (this.count === 0) this.#begin(hi, lo);
    else if (compareInt64(hi, lo, this.#maxHi, this.#maxLo) > 0) {
      this.#maxHi = hi;
      this.#maxLo = lo;
    }
    const bodyLength = end - start;
    const headersLength = headersEnd - headersStart;
    const moreLength = moreEnd - moreStart;
    this.#reserve(RECORD_OVERHEAD + bodyLength + headersLength + moreLength);

    const digits = this.#ordinals ? this.#writeDigits(ordinal) : 0;
    const ordinalLength = this.#ordinals ? encodedOrdinalName.length + 1 + digits : 0;
    const headerTotal = headerCount + moreCount + (this.#ordinals ? 1 : 0);
    // Zigzag of small non-negative numbers is a shift; everything else takes the slow path.
    const deltaHi = (hi - this.#firstHi - (lo < this.#firstLo ? 1 : 0)) | 0;
    const deltaLo = (lo - this.#firstLo) >>> 0;
    const smallDelta = deltaHi === 0 && deltaLo < 0x40000000;
    const deltaLength = smallDelta ? sizeOfUnsigned(deltaLo << 1) : sizeOfZigZag64(deltaHi, deltaLo);
    const offsetLength = sizeOfUnsigned(this.count << 1);
    const length =
      1 +
      deltaLength +
      offsetLength +
      bodyLength +
      sizeOfUnsigned(headerTotal << 1) +
      ordinalLength +
      headersLength +
      moreLength;

    const bytes = this.#bytes;
    let at = writeUnsigned(bytes, this.#length, length * 2);
    bytes[at++] = 0; // attributes: none are defined
    at = smallDelta ? writeUnsigned(bytes, at, deltaLo << 1) : writeZigZag64(bytes, at, deltaHi, deltaLo);
    at = writeUnsigned(bytes, at, this.count << 1);
    at = this.#copyOf(body, start, end, at);
    at = writeUnsigned(bytes, at, headerTotal << 1);
    if (this.#ordinals) {
      at = copy(encodedOrdinalName, 0, encodedOrdinalName.length, bytes, at);
      bytes[at++] = digits << 1;
      for (let digit = 16 - digits; digit < 16; digit++) bytes[at++] = this.#digits[digit]!;
    }
    if (headersLength > 0) at = copy(headers, headersStart, headersEnd, bytes, at);
    if (moreLength > 0) at = this.#copyOf(body, moreStart, moreEnd, at);
    this.#length = at;
    this.count++;
  }

  /** The batch so far, whose bytes are the caller's; the builder goes on with an empty one. */
  take(): RecordBatch {
    if (this.count === 0) throw new RangeError('a record batch holds at least one record: add one before take()');
    const batch = {
      topic: this.topic,
      partition: this.partition,
      count: this.count,
      firstTimestamp: int64ToBigInt(this.#firstHi, this.#firstLo),
      maxTimestamp: int64ToBigInt(this.#maxHi, this.#maxLo),
      records: this.#bytes.subarray(0, this.#length),
    };
    this.#bytes = this.#body = NO_HEADERS;
    this.#words = this.#bodyWords = NO_WORDS;
    this.#length = 0;
    this.count = 0;
    return batch;
  }

  #begin(hi: number, lo: number): void {
    this.#firstHi = this.#maxHi = hi;
    this.#firstLo = this.#maxLo = lo;
    this.#bytes = this.#buffers.take();
    this.#words = wordsOf(this.#bytes);
  }

  /** Appends [start, end) of a body at `at`; returns the position behind. */
  #copyOf(body: Uint8Array, start: number, end: number, at: number): number {
    const length = end - start;
    if (length <= SHORT || length > MOST_IN_WORDS) return copy(body, start, end, this.#bytes, at);
    if (body !== this.#body) {
      this.#body = body;
      this.#bodyWords = wordsOf(body);
    }
    copyWords(this.#bodyWords, start, end, this.#words, at);
    return at + length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2)).buffer);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#words = wordsOf(grown);
  }

  /** Writes the ordinal's digits at the end of `#digits`; returns how many. */
  #writeDigits(ordinal: number): number {
    const digits = this.#digits;
    let at = 16;
    let rest = ordinal;
    // Division of numbers below 2^31 compiles to integer arithmetic; above, take nine digits off first.
    if (rest >= 0x40000000) {
      const upper = Math.floor(rest / 1e9);
      let lower = (rest - upper * 1e9) | 0;
      for (let digit = 0; digit < 9; digit++) {
        const tenth = (lower / 10) | 0;
        digits[--at] = 48 + lower - tenth * 10;
        lower = tenth;
      }
      rest = upper;
    }
    let small = rest | 0;
    do {
      const tenth = (small / 10) | 0;
      digits[--at] = 48 + small - tenth * 10;
      small = tenth;
    } while (small > 0);
    return 16 - at;
  }
}

function copy(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start > SHORT) {
    target.set(start === 0 && end === source.length ? source : source.subarray(start, end), at);
    return at + end - start;
  }
  for (let from = start; from < end; from++) target[at++] = source[from]!;
  return at;
}

function sizeOfUnsigned(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

function writeUnsigned(bytes: Uint8Array, at: number, value: number): number {
  let rest = value >>> 0;
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Zigzag of a signed 64-bit number given in two halves, as an unsigned BigInt. */
function zigZag64(hi: number, lo: number): bigint {
  const value = int64ToBigInt(hi, lo);
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

function sizeOfZigZag64(hi: number, lo: number): number {
  let size = 1;
  for (let rest = zigZag64(hi, lo) >> 7n; rest > 0n; rest >>= 7n) size++;
  return size;
}

function writeZigZag64(bytes: Uint8Array, at: number, hi: number, lo: number): number {
  let rest = zigZag64(hi, lo);
  while (rest >= 0x80n) {
    bytes[at++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  bytes[at++] = Number(rest);
  return at;
}
