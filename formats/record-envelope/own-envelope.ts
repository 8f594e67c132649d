import type { Int64 } from '../int64.ts';
import { TIMESTAMP_TYPES } from './envelope-schema.ts';

/** What a reader of envelopes tells of a record: see there. */
export interface EnvelopeFields {
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
  topicStart: number;
  topicEnd: number;
  partition: number;
  readonly offset: Int64;
  readonly timestamp: Int64;
  appendTime: boolean;
  headerCount: number;
  readonly headers: Int32Array;
}

/** Bytes of the longest number that is read here: 56 bits. */
const LONGEST = 8;
/** Upper half of the largest number of 32 bits. */
const HIGHEST = 0xf;

/** Where the number that was read last ends; -1 for one that isn't read here. */
let behind = 0;
/** The number that was read last, before zig-zag: bits 0 to 27 and 28 to 55. */
let low = 0;
let high = 0;

/**
 * Reads a record of Rewind's own envelope, field by field, without a step for each of them.
 *
 * @returns the position behind it; -1 for all that is out of the ordinary or wrong, which `EnvelopeReader`'s steps read
 * from the start, or refuse
 */
export function readOwnEnvelope(into: EnvelopeFields, data: Uint8Array, position: number, end: number): number {
  let at = bytesAt(data, position, end);
  if (at < 0) return -1;
  into.keyStart = start;
  into.keyEnd = start < 0 ? -1 : at;
  at = bytesAt(data, at, end);
  if (at < 0) return -1;
  into.valueStart = start;
  into.valueEnd = start < 0 ? -1 : at;
  const topic = lengthAt(data, at, end);
  if (topic < 0) return -1;
  into.topicStart = behind;
  into.topicEnd = behind + topic;
  if (!readNumber(data, into.topicEnd, end) || (low & 1) !== 0 || high > HIGHEST) return -1;
  into.partition = ((low >>> 1) | (high << 27)) >>> 0;
  if (!readNumber(data, behind, end) || (low & 1) !== 0) return -1;
  putLong(into.offset);
  if (!readNumber(data, behind, end)) return -1;
  putLong(into.timestamp);
  const type = data[behind];
  if (type !== TIMESTAMP_TYPES.create * 2 && type !== TIMESTAMP_TYPES.append * 2) return -1;
  into.appendTime = type === TIMESTAMP_TYPES.append * 2;
  at = headersAt(into, data, behind + 1, end);
  if (at < 0) return -1;
  at = idAt(data, at, end);
  return at < 0 ? -1 : idAt(data, at, end);
}

/** First byte of the bytes that were read last; -1 for null. */
let start = 0;

/** Passes over bytes that may be null. */
function bytesAt(data: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const branch = data[at];
  if (branch === 0) {
    start = -1;
    return at + 1;
  }
  if (branch !== 2) return -1;
  const length = lengthAt(data, at + 1, end);
  if (length < 0) return -1;
  start = behind;
  return behind + length;
}

/** A length that what is left can hold; -1 for any other. */
function lengthAt(data: Uint8Array, at: number, end: number): number {
  if (!readNumber(data, at, end) || (low & 1) !== 0 || high !== 0) return -1;
  const length = low >>> 1;
  return length <= end - behind ? length : -1;
}

/** One block of headers, or none. */
function headersAt(into: EnvelopeFields, data: Uint8Array, from: number, end: number): number {
  into.headerCount = 0;
  if (data[from] === 0 && from < end) return from + 1;
  if (!readNumber(data, from, end) || (low & 1) !== 0 || high !== 0) return -1;
  const count = low >>> 1;
  const { headers } = into;
  if (count * 4 > headers.length) return -1;
  let at = behind;
  for (let place = 0; place < count * 4; place += 4) {
    const key = lengthAt(data, at, end);
    if (key < 0) return -1;
    headers[place] = behind;
    headers[place + 1] = behind + key;
    at = bytesAt(data, behind + key, end);
    if (at < 0) return -1;
    headers[place + 2] = start;
    headers[place + 3] = start < 0 ? -1 : at;
  }
  into.headerCount = count;
  return data[at] === 0 && at < end ? at + 1 : -1;
}

/** Passes over an id that may be null. */
function idAt(data: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  if (data[at] === 0) return at + 1;
  return data[at] === 2 && readNumber(data, at + 1, end) && high <= HIGHEST ? behind : -1;
}

function putLong(into: Int64): void {
  const sign = -(low & 1);
  into.lo = (((low >>> 1) | (high << 27)) ^ sign) >>> 0;
  into.hi = (high >>> 5) ^ sign;
}

/** Reads a number of at most 56 bits before `end`. */
function readNumber(data: Uint8Array, at: number, end: number): boolean {
  const last = Math.min(end, at + LONGEST);
  low = 0;
  high = 0;
  for (let shift = 0; at < last; shift += 7) {
    const byte = data[at++]!;
    if (shift < 28) low |= (byte & 0x7f) << shift;
    else high |= (byte & 0x7f) << (shift - 28);
    if (byte < 0x80) {
      behind = at;
      return true;
    }
  }
  return false;
}
