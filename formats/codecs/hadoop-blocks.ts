import { FormatError } from '../format-error.ts';
import { cutShort, damaged, overLimit } from './codec.ts';
import type { Decompress } from './codec.ts';

/** One block's uncompressed length and the parts that it was put together from. */
interface Frame {
  codec: string;
  data: Uint8Array;
  view: DataView;
  at: number;
}

function int32(frame: Frame, what: string): number {
  const have = frame.data.length - frame.at;
  if (have < 4) throw cutShort(frame.codec, `${what} in 4 bytes`, `${have} bytes`);
  frame.at += 4;
  const value = frame.view.getInt32(frame.at - 4);
  if (value < 0) throw damaged(frame.codec, `${what} of zero or more`, `${value}`);
  return value;
}

/** Decompresses one chunk of a block that still lacks `missing` bytes: more than that is damage, not a limit. */
export function decompressWithin(
  codec: string,
  chunk: Uint8Array,
  missing: number,
  decompressChunk: Decompress,
): Uint8Array {
  try {
    return decompressChunk(chunk, { limit: missing });
  } catch (error) {
    if (!(error instanceof FormatError) || error.fault !== 'limit') throw error;
    throw damaged(codec, `at most ${missing} bytes from the rest of a block`, error.facts.found ?? 'more', error);
  }
}

/**
 * Hadoop's `BlockDecompressorStream`, as SnappyCodec and Lz4Codec write: blocks of an uncompressed length (int32,
 * big-endian) and as many chunks of a compressed length (int32) and data as it takes to fill that length. A block of
 * length 0 is what compressing nothing leaves; no byte at all decompresses to none.
 */
export function hadoopBlocks(codec: string, decompressChunk: Decompress): Decompress {
  return (data, { limit }) => {
    const frame = { codec, data, view: new DataView(data.buffer, data.byteOffset, data.length), at: 0 };
    const parts: Uint8Array[] = [];
    let total = 0;
    while (frame.at < data.length) {
      let missing = int32(frame, 'the length of a block');
      if (total + missing > limit) throw overLimit(codec, limit, `${total + missing} bytes or more`);
      total += missing;
      while (missing > 0) {
        const length = int32(frame, 'the length of a chunk');
        if (length > data.length - frame.at)
          throw cutShort(codec, `a chunk of ${length} bytes`, `${data.length - frame.at} bytes`);
        const chunk = decompressWithin(codec, data.subarray(frame.at, frame.at + length), missing, decompressChunk);
        if (chunk.length === 0) throw damaged(codec, `${missing} more bytes in the block`, 'a chunk of none');
        frame.at += length;
        missing -= chunk.length;
        parts.push(chunk);
      }
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts, total);
  };
}
