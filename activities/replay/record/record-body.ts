import type { ByteWriter } from '../../../formats/byte-writer.ts';
import { sizeOfLength, writeLength } from './kafka-length.ts';

/**
 * The body of an entry in a sorted file: all that publishing needs of a record beside its place.
 *
 * | field     | bytes | content                                                                        |
 * |-----------|-------|--------------------------------------------------------------------------------|
 * | flags     | 1     | bit 0: the record's time can't be a Kafka timestamp and was clamped; bit 1: it |
 * |           |       | has no time, and gets that of publishing; bit 2: it has headers of its own     |
 * | timestamp | 8     | Kafka timestamp, ms since 1970 UTC: lower half, upper half, little endian;     |
 * |           |       | where it was clamped (to 0), the record's own time in its own unit             |
 * | headers   | 8+    | only with bit 2: their bytes and their number, u32 each, little endian, then   |
 * |           |       | the headers as in Kafka's record batch v2                                      |
 * | key       | 1+    | length as a zigzag varint (-1: none), bytes: as in Kafka's record batch v2     |
 * | value     | 1+    | length as a zigzag varint (-1: null), bytes                                    |
 */
export const BODY_PREFIX_BYTES = 9;
export const CLAMPED = 1;
export const WITHOUT_TIME = 2;
export const OWN_HEADERS = 4;
/** Length and number of a record's own headers. */
export const HEADERS_HEAD_BYTES = 8;

/** Two bytes hold the lengths from 64 to 8191, so the value of most records stays where it is written. */
const GUESSED_LENGTH_BYTES = 2;

export function beginBody(out: ByteWriter, flags: number, timestampHi: number, timestampLo: number): void {
  out.reserve(BODY_PREFIX_BYTES);
  const at = out.length;
  out.bytes[at] = flags;
  out.words.setInt32(at + 1, timestampLo, true);
  out.words.setInt32(at + 5, timestampHi, true);
  out.length = at + BODY_PREFIX_BYTES;
}

/** Leaves room for the length and the number of the record's own headers; to be given to `endHeaders`. */
export function beginHeaders(out: ByteWriter): number {
  out.reserve(HEADERS_HEAD_BYTES);
  out.length += HEADERS_HEAD_BYTES;
  return out.length;
}

/** Writes what stands before the headers that begin at `start`. */
export function endHeaders(out: ByteWriter, start: number, count: number): void {
  out.words.setUint32(start - HEADERS_HEAD_BYTES, out.length - start, true);
  out.words.setUint32(start - 4, count, true);
}

/**
 * Appends [start, end) of `data` behind its length, as Kafka has it; null where `start` is negative. `words`: as for
 * `ByteWriter.append`.
 */
export function appendField(out: ByteWriter, data: Uint8Array, start: number, end: number, words?: DataView): void {
  const length = start < 0 ? 0 : end - start;
  out.reserve(5 + length);
  if (start < 0) {
    out.bytes[out.length++] = 1; // zigzag of -1
    return;
  }
  out.length = writeLength(out.bytes, out.length, length);
  if (length > 0) out.append(data, start, end, words);
}

/** Appends a record's key; undefined for none. */
export function appendKey(
  out: ByteWriter,
  key: Uint8Array | undefined,
  start = 0,
  end = key?.length ?? 0,
  words?: DataView,
): void {
  if (key !== undefined) appendField(out, key, start, end, words);
  else {
    out.reserve(1);
    out.bytes[out.length++] = 1; // zigzag of -1
  }
}

/** Leaves room for the length of a value; to be given to `endValue` when the value has been appended. */
export function beginValue(out: ByteWriter): number {
  out.reserve(GUESSED_LENGTH_BYTES);
  out.length += GUESSED_LENGTH_BYTES;
  return out.length;
}

/** Writes the length before the value that begins at `start`; moves the value if the length takes other room. */
export function endValue(out: ByteWriter, start: number): void {
  const length = out.length - start;
  const lengthBytes = sizeOfLength(length);
  const lengthAt = start - GUESSED_LENGTH_BYTES;
  if (lengthBytes !== GUESSED_LENGTH_BYTES) {
    out.reserve(5);
    out.bytes.copyWithin(lengthAt + lengthBytes, start, out.length);
    out.length += lengthBytes - GUESSED_LENGTH_BYTES;
  }
  writeLength(out.bytes, lengthAt, length);
}

/** Writes null for the value that was begun at `start`. */
export function endNullValue(out: ByteWriter, start: number): void {
  out.length = start - GUESSED_LENGTH_BYTES;
  out.bytes[out.length++] = 1; // zigzag of -1
}
