import type { ByteWriter } from '../../../formats/byte-writer.ts';
import { sizeOfLength, writeLength } from './kafka-length.ts';

/**
 * The body of an entry in a sorted file: all that publishing needs of a record beside its place.
 *
 * | field     | bytes | content                                                                        |
 * |-----------|-------|--------------------------------------------------------------------------------|
 * | flags     | 1     | bit 0: the record's time can't be a Kafka timestamp and was clamped; bit 1: it |
 * |           |       | has no time, and gets that of publishing                                       |
 * | timestamp | 8     | Kafka timestamp, ms since 1970 UTC: lower half, upper half, little endian;     |
 * |           |       | where it was clamped (to 0), the record's own time in its own unit             |
 * | key       | 1+    | length as a zigzag varint (-1: none), bytes: as in Kafka's record batch v2     |
 * | value     | 1+    | length as a zigzag varint, bytes                                               |
 */
export const BODY_PREFIX_BYTES = 9;
export const CLAMPED = 1;
export const WITHOUT_TIME = 2;

/** Two bytes hold the lengths from 64 to 8191, so the value of most records stays where it is written. */
const GUESSED_LENGTH_BYTES = 2;

export function beginBody(out: ByteWriter, flags: number, timestampHi: number, timestampLo: number): void {
  out.reserve(BODY_PREFIX_BYTES);
  const at = out.length;
  out.bytes[at] = flags;
  out.bytes.writeInt32LE(timestampLo | 0, at + 1);
  out.bytes.writeInt32LE(timestampHi, at + 5);
  out.length = at + BODY_PREFIX_BYTES;
}

/** Appends a record's key; undefined for none. */
export function appendKey(out: ByteWriter, key: Uint8Array | undefined): void {
  out.reserve(5 + (key?.length ?? 0));
  if (key === undefined) {
    out.bytes[out.length++] = 1; // zigzag of -1
    return;
  }
  out.length = writeLength(out.bytes, out.length, key.length);
  out.append(key);
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
