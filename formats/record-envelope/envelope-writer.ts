import type { ByteWriter } from '../byte-writer.ts';
import { appendLong } from '../avro/datum/append-long.ts';
import { FormatError } from '../format-error.ts';
import { TIMESTAMP_TYPES } from './envelope-schema.ts';

/** A record where it lies in its batch: what the positions say is the same as of a reader's cursor. */
export interface LaidOutRecord {
  readonly bytes: Buffer;
  readonly offset: bigint;
  /** The same as a number; NaN beyond 2^52. */
  readonly offsetNumber: number;
  readonly timestamp: bigint;
  /** The same as a number; NaN beyond ±2^53. */
  readonly timestampNumber: number;
  readonly appendTime: boolean;
  /** -1 and -1: null. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly headerCount: number;
  readonly headersStart: number;
  readonly recordStart: number;
  readonly recordEnd: number;
}

/** Bytes that are copied in a loop: a call costs more than that. */
const SHORT = 24;

/** Most bytes of what is neither key, value nor header: three numbers of 64 bits, two of 32, unions and lengths. */
const FIXED_BYTES = 96;

/** Numbers from here on don't fit into a number once their sign is folded in. */
const EXACT = 2 ** 52;

/**
 * Writes whole records of one partition as Avro data of the envelope. Bytes go from the batch into the block as they
 * are: a length in Kafka's record is the same number of the same encoding in Avro's.
 */
export class EnvelopeWriter {
  /** Topic and partition, the same for all records. */
  readonly #place: Buffer;

  constructor(topic: string, partition: number) {
    const name = Buffer.from(topic);
    const place = Buffer.alloc(name.length + 10);
    let at = putVarint(place, 0, name.length * 2);
    at += name.copy(place, at);
    this.#place = place.subarray(0, putVarint(place, at, partition * 2));
  }

  /**
   * @param keySchemaId - -1: none
   * @throws FormatError 'corrupt' where the headers don't end with their record; nothing stays appended
   */
  append(record: LaidOutRecord, keySchemaId: number, valueSchemaId: number, out: ByteWriter): void {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd, headerCount, recordStart, recordEnd } = record;
    const place = this.#place;
    // A header is longer by a byte than in Kafka's record: its value is a union.
    out.reserve(recordEnd - recordStart + headerCount + place.length + FIXED_BYTES);
    const start = out.length;
    const to = out.bytes;
    let at = putNullable(to, start, bytes, keyStart, keyEnd);
    at = putNullable(to, at, bytes, valueStart, valueEnd);
    at = copy(to, at, place, 0, place.length);
    // As bigints only where they must be: each costs an allocation.
    const { offsetNumber, timestampNumber } = record;
    at = isExact(offsetNumber) ? putNumber(to, at, offsetNumber) : putLong(out, at, record.offset);
    at = isExact(timestampNumber) ? putNumber(to, at, timestampNumber) : putLong(out, at, record.timestamp);
    to[at++] = record.appendTime ? TIMESTAMP_TYPES.append * 2 : TIMESTAMP_TYPES.create * 2;
    if (headerCount > 0) at = putHeaders(to, at, record);
    to[at++] = 0;
    at = putId(to, at, keySchemaId);
    out.length = putId(to, at, valueSchemaId);
  }
}

/** Puts 32 bits that are folded already, or hold no sign. */
function putVarint(to: Buffer, at: number, value: number): number {
  while (value > 0x7f) {
    to[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  to[at++] = value;
  return at;
}

function isExact(value: number): boolean {
  return value < EXACT && value > -EXACT;
}

function putLong(out: ByteWriter, at: number, value: bigint): number {
  out.length = at;
  appendLong(out, value);
  return out.length;
}

function putNumber(to: Buffer, at: number, value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  while (rest > 0x7fffffff) {
    to[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  return putVarint(to, at, rest);
}

function putNullable(to: Buffer, at: number, from: Buffer, start: number, end: number): number {
  if (start < 0) {
    to[at++] = 0;
    return at;
  }
  to[at++] = 2;
  return copy(to, putVarint(to, at, (end - start) * 2), from, start, end);
}

function putId(to: Buffer, at: number, id: number): number {
  if (id < 0) {
    to[at++] = 0;
    return at;
  }
  to[at++] = 2;
  // Ids have 31 bits: folded they have 32, which the shift takes without a sign.
  return putVarint(to, at, (id << 1) >>> 0);
}

function copy(to: Buffer, at: number, from: Buffer, start: number, end: number): number {
  if (end - start > SHORT) {
    from.copy(to, at, start, end);
    return at + end - start;
  }
  for (let each = start; each < end; each++) to[at++] = from[each]!;
  return at;
}

/** Where the number that was read last ends. */
let behind = 0;

/** Reads a length; NaN where it doesn't end within five bytes before `end`. */
function lengthAt(bytes: Buffer, at: number, end: number): number {
  let value = 0;
  for (let shift = 0; shift < 35 && at < end; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      behind = at;
      return (value >>> 1) ^ -(value & 1);
    }
  }
  return Number.NaN;
}

function putHeaders(to: Buffer, at: number, record: LaidOutRecord): number {
  const { bytes, headerCount, headersStart, recordEnd } = record;
  at = putVarint(to, at, headerCount * 2);
  let from = headersStart;
  for (let index = 0; index < headerCount; index++) {
    const key = lengthAt(bytes, from, recordEnd);
    if (!(key >= 0 && behind + key <= recordEnd)) throw damaged(record, from, index);
    at = copy(to, putVarint(to, at, key * 2), bytes, behind, behind + key);
    from = behind + key;
    const value = lengthAt(bytes, from, recordEnd);
    if (!(value >= -1 && behind + value <= recordEnd)) throw damaged(record, from, index);
    at = putNullable(to, at, bytes, value < 0 ? -1 : behind, behind + value);
    from = value < 0 ? behind : behind + value;
  }
  if (from !== recordEnd) throw damaged(record, from, headerCount);
  return at;
}

function damaged({ recordStart, recordEnd, headerCount }: LaidOutRecord, at: number, header: number): FormatError {
  return new FormatError('corrupt', 'the headers of the record do not end with it', {
    position: at - recordStart,
    noticedAt: at - recordStart,
    expected: `${headerCount} headers of together ${recordEnd - recordStart} bytes with their record`,
    found: header === headerCount ? 'bytes behind the last one' : `a length in header ${header} that leads beyond`,
  });
}
