import type { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import {
  BODY_PREFIX_BYTES,
  CLAMPED,
  HEADERS_HEAD_BYTES,
  OWN_HEADERS,
  WITHOUT_TIME,
} from '../../replay/record/record-body.ts';
import type { ComparedContent } from './comparison.ts';
import { ContentHash } from './content-hash.ts';
import { addOwnHeaders } from './own-headers.ts';

/** Walks records that were decoded as a replay decodes them: bodies of a sort buffer. */
export class BodyRecord {
  time = Number.NaN;
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  #bytes: Buffer = Buffer.alloc(0);
  #timestamp = -1n;
  #headers = { start: 0, end: 0, count: 0 };
  readonly #content: ComparedContent;
  readonly #hash = new ContentHash();

  constructor(content: ComparedContent) {
    this.#content = content;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Reads entry `index` of the buffer. */
  read(buffer: SortBuffer, index: number): void {
    const { bytes } = buffer.bodies;
    this.#bytes = bytes;
    let at = index === 0 ? 0 : buffer.ends[index - 1]!;
    const flags = bytes[at]!;
    this.#timestamp = bytes.readBigInt64LE(at + 1);
    this.time = (flags & (WITHOUT_TIME | CLAMPED)) === 0 ? timeOf(this.#timestamp) : Number.NaN;
    // As it is published.
    if ((flags & CLAMPED) !== 0 && this.#content === 'published') this.time = 0;
    at += BODY_PREFIX_BYTES;
    this.#headers = { start: at, end: at, count: 0 };
    if ((flags & OWN_HEADERS) !== 0) {
      const length = bytes.readUInt32LE(at);
      const start = at + HEADERS_HEAD_BYTES;
      this.#headers = { start, end: start + length, count: bytes.readUInt32LE(at + 4) };
      at = start + length;
    }
    const key = this.#length(at);
    this.keyStart = key.length < 0 ? -1 : key.at;
    this.keyEnd = key.at + Math.max(0, key.length);
    const value = this.#length(this.keyEnd);
    this.valueStart = value.length < 0 ? -1 : value.at;
    this.valueEnd = value.at + Math.max(0, value.length);
  }

  /** @param offset - where the record tells it, it is a part of its content */
  hash(offset?: bigint): bigint {
    const hash = this.#hash.begin();
    if (offset !== undefined) hash.int64(offset);
    const { start, end, count } = this.#headers;
    switch (this.#content) {
      case 'whole':
        hash.int64(this.#timestamp);
        this.#addPair(hash);
        addOwnHeaders(hash, this.#bytes, start, end, count);
        break;
      case 'published':
        this.#addPair(hash);
        addOwnHeaders(hash, this.#bytes, start, end, count);
        break;
      case 'pair':
        addNullAsEmpty(hash, this.#bytes, this.keyStart, this.keyEnd);
        addNullAsEmpty(hash, this.#bytes, this.valueStart, this.valueEnd);
        break;
      case 'value':
        hash.field(this.#bytes, this.valueStart, this.valueEnd);
        break;
      case 'none':
        return 0n;
    }
    return hash.digest();
  }

  #addPair(hash: ContentHash): void {
    hash.field(this.#bytes, this.keyStart, this.keyEnd).field(this.#bytes, this.valueStart, this.valueEnd);
  }

  #length(from: number): { length: number; at: number } {
    let at = from;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return { length: (value >>> 1) ^ -(value & 1), at };
    }
  }
}

/** Of what can't tell null from empty both are one. */
export function addNullAsEmpty(hash: ContentHash, data: Uint8Array, start: number, end: number): void {
  if (start < 0) hash.field(data, 0, 0);
  else hash.field(data, start, end);
}

/** Milliseconds as a number; NaN for times that no bucket has: both sides have them together. */
export function timeOf(timestamp: bigint): number {
  const time = Number(timestamp);
  return Number.isSafeInteger(time) && time >= -1 ? time : Number.NaN;
}
