import type { ByteSource } from '../byte-source.ts';
import { fileChunks } from '../codecs/chunks.ts';
import { decompressedChunks, type StreamCompression } from '../codecs/streams.ts';
import type { CountedRecords } from '../counted-records.ts';
import { FormatError } from '../format-error.ts';

const LINE_FEED = 0x0a;
/** A decompressor keeps what it made of a piece in which it finds damage: the pieces are small. */
const STEP = 512;
const WINDOW = 2 * 1024 * 1024;

/**
 * How many lines a text file, or a split of a plain one, holds, whatever their length; of a compressed one that is
 * damaged, as many as come out of it, and the bytes behind the damage. Where the place of that isn't known (gzip, zlib,
 * zstandard) it may be any part of the file.
 */
export async function countLines(
  source: ByteSource,
  { compression, start = 0, end = source.length }: { compression: StreamCompression; start?: number; end?: number },
): Promise<CountedRecords> {
  // A line begins behind a line end: one at `start` behind that at `start - 1`.
  let position = compression === 'none' ? Math.max(0, start - 1) : 0;
  const until = compression === 'none' ? end : Infinity;
  let behindLineEnd = start <= 0;
  let records = 0;
  let reached = 0;
  try {
    const pieces =
      compression === 'none'
        ? fileChunks(source, { start: position, softEnd: until })
        : decompressedChunks(
            inSmallSteps(source, (at) => (reached = at)),
            compression,
            { window: STEP },
          );
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, Math.min(piece.length, until - position));
      if (bytes.length === 0) break;
      if (behindLineEnd) records += 1;
      behindLineEnd = bytes.at(-1) === LINE_FEED;
      const inside = bytes.subarray(0, -1);
      for (let at = inside.indexOf(LINE_FEED); at >= 0; at = inside.indexOf(LINE_FEED, at + 1)) records += 1;
      position += bytes.length;
      if (position >= until) break;
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // What is only cut holds no more.
    if (error.fault === 'truncated') return { records, bytes: 0 };
    const damagedAt = error.facts.position ?? 0;
    if (damagedAt > 0) return { records, bytes: source.length - damagedAt };
    const perByte = records > 0 && reached > 0 ? records / reached : undefined;
    return { records: 0, bytes: source.length, perByte };
  }
  return { records, bytes: 0 };
}

/** A source that is read in small steps, and reads in large ones itself; tells how far the steps went. */
function inSmallSteps(source: ByteSource, tell: (reached: number) => void): ByteSource {
  let from = 0;
  let held: Uint8Array = new Uint8Array(0);
  return {
    length: source.length,
    read: async (position, length, signal) => {
      tell(position + length);
      if (position < from || position + length > from + held.length) {
        held = await source.read(position, Math.max(length, Math.min(WINDOW, source.length - position)), signal);
        from = position;
      }
      return held.subarray(position - from, position - from + length);
    },
  };
}
