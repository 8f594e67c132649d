import { crc32 } from '@node-rs/crc32';
import { uncompressSync } from 'snappy';
import { cutShort, damaged, overLimit, reason } from './codec.ts';
import type { Decompress } from './codec.ts';

/** A copy of 64 bytes takes 3: nothing inflates more than this. */
const LARGEST_RATIO = 64;

/** The length that raw snappy data says it has when decompressed (a varint of at most 32 bits in front). */
export function snappyLength(data: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = data[i];
    if (byte === undefined) throw cutShort('snappy', 'a length', `${data.length} bytes`);
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if (length > 0xffffffff) break;
      return length;
    }
  }
  throw damaged('snappy', 'a length of at most 32 bits', 'a longer one');
}

/** Raw snappy, without frame or checksum: the chunks of Hadoop's SnappyCodec. */
export const snappyRaw: Decompress = (data, { limit }) => {
  const length = snappyLength(data);
  if (length > limit) throw overLimit('snappy', limit, `${length} bytes`);
  if (length > data.length * LARGEST_RATIO)
    throw damaged('snappy', `at most ${data.length * LARGEST_RATIO} bytes from ${data.length}`, `${length} bytes`);
  if (length === 0 && data.length === 1) return new Uint8Array(0);
  try {
    // Copied into memory of V8: memory of the library's own costs the garbage collector five times as much.
    const { buffer, byteOffset, byteLength } = uncompressSync(data, { asBuffer: true, copyOutputData: true }) as Buffer;
    // Parts of a plain array are had for half of what those of a Buffer cost.
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw damaged('snappy', 'valid data', reason(error), error);
  }
};

/** Avro's `snappy`: raw snappy, then the CRC-32 of the uncompressed data, four bytes, big-endian; it is checked. */
export const snappyWithCrc: Decompress = (data, options) => {
  if (data.length < 5) throw cutShort('snappy', 'data and a CRC of 4 bytes', `${data.length} bytes`);
  const end = data.length - 4;
  const plain = snappyRaw(data.subarray(0, end), options);
  const expected = new DataView(data.buffer, data.byteOffset + end, 4).getUint32(0);
  const found = crc32(plain);
  if (found !== expected)
    throw damaged('snappy', `CRC-32 ${expected.toString(16)}`, `CRC-32 ${found.toString(16)} of the data`);
  return plain;
};
