import { cutShort } from '../../../formats/codecs/codec.ts';
import { snappyLength, snappyRaw } from '../../../formats/codecs/snappy.ts';

// Java's clients frame snappy as xerial's SnappyOutputStream does: a header, then blocks with a 32-bit length each.
export const XERIAL_HEADER = Buffer.from('82534e41505059000000000100000001', 'hex');
const MAGIC_BYTES = 8;

/** Blocks of raw snappy: those of xerial's frame, or all of it where there is none, as librdkafka writes. */
export function* snappyBlocks(bytes: Buffer): Generator<Buffer> {
  if (!bytes.subarray(0, MAGIC_BYTES).equals(XERIAL_HEADER.subarray(0, MAGIC_BYTES))) {
    yield bytes;
    return;
  }
  for (let at = XERIAL_HEADER.length; at < bytes.length;) {
    if (at + 4 > bytes.length) throw cutShort('snappy', 'the length of a block', `${bytes.length - at} bytes`);
    const length = bytes.readInt32BE(at);
    const end = at + 4 + length;
    if (length < 0 || end > bytes.length)
      throw cutShort('snappy', `a block of ${length} bytes`, `${bytes.length - at - 4} bytes`);
    yield bytes.subarray(at + 4, end);
    at = end;
  }
}

/** Bytes that come out, as the blocks say. */
export function snappyBound(bytes: Buffer): number {
  let bound = 0;
  for (const block of snappyBlocks(bytes)) bound += snappyLength(block);
  return bound;
}

/** One block, unpacked. */
export function unpackSnappy(block: Buffer): Buffer {
  const plain = snappyRaw(block, { limit: snappyLength(block) });
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
}
