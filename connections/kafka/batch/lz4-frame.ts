import { FormatError } from '../../../formats/format-error.ts';
import { cutShort, damaged, overLimit } from '../../../formats/codecs/codec.ts';

const MAGIC = 0x184d2204;
const HISTORY_BYTES = 64 * 1024;
const SHORTEST_MATCH = 4;
const UNCOMPRESSED = 0x80000000;

interface FrameHead {
  /** First byte of the first block. */
  blocksAt: number;
  /** Most bytes that a block unpacks to. */
  blockBytes: number;
  /** Bytes of the checksum behind each block. */
  checksumBytes: number;
  /** Whether matches may reach into the blocks before. */
  linked: boolean;
}

/** What an LZ4 frame unpacks to at most, by the number of its blocks. */
export function lz4Bound(frame: Buffer): number {
  const head = frameHead(frame);
  let bound = 0;
  for (const _ of blocksOf(frame, head)) bound += head.blockBytes;
  return bound;
}

/**
 * Unpacks an LZ4 frame block by block, for frames that are too large to be unpacked at once. Checksums are not looked
 * at: the batch's own has covered every byte.
 */
export function* lz4Blocks(frame: Buffer): Generator<Buffer> {
  const head = frameHead(frame);
  // What went before stands in front of the block that is being unpacked.
  const window = Buffer.allocUnsafe(HISTORY_BYTES + head.blockBytes);
  let history = 0;
  for (const { start, end, packed } of blocksOf(frame, head)) {
    const from = history;
    let to: number;
    if (packed) to = unpackBlock(frame.subarray(start, end), window, from, from + head.blockBytes);
    else if (end - start > head.blockBytes) throw overLimit('lz4', head.blockBytes, `${end - start} bytes`);
    else to = from + frame.copy(window, from, start, end);
    yield Buffer.from(window.subarray(from, to));
    if (!head.linked) continue;
    history = Math.min(HISTORY_BYTES, to);
    window.copyWithin(0, to - history, to);
  }
}

function frameHead(frame: Buffer): FrameHead {
  if (frame.length < 7) throw cutShort('lz4', 'the head of a frame', `${frame.length} bytes`);
  const magic = frame.readUInt32LE(0);
  if (magic !== MAGIC) throw damaged('lz4', `the magic ${MAGIC.toString(16)}`, magic.toString(16));
  const flags = frame[4]!;
  if ((flags & 1) !== 0)
    throw new FormatError('unsupported', 'lz4 data that needs a dictionary', {
      expected: 'data without a dictionary',
      found: 'one with',
    });
  const size = (frame[5]! >> 4) & 7;
  if (size < 4) throw damaged('lz4', 'a block size from 4 to 7', `${size}`);
  return {
    blocksAt: 7 + ((flags & 8) !== 0 ? 8 : 0),
    blockBytes: 2 ** (8 + 2 * size),
    checksumBytes: (flags & 16) !== 0 ? 4 : 0,
    linked: (flags & 32) === 0,
  };
}

function* blocksOf(frame: Buffer, head: FrameHead): Generator<{ start: number; end: number; packed: boolean }> {
  for (let at = head.blocksAt; ;) {
    if (at + 4 > frame.length) throw cutShort('lz4', 'a block', 'the end of the frame');
    const word = frame.readUInt32LE(at);
    if (word === 0) return;
    const start = at + 4;
    const end = start + (word & ~UNCOMPRESSED);
    at = end + head.checksumBytes;
    if (at > frame.length) throw cutShort('lz4', `a block of ${end - start} bytes`, `${frame.length - start} bytes`);
    yield { start, end, packed: (word & UNCOMPRESSED) === 0 };
  }
}

/** Unpacks a block into `out` from `from` on, up to `limit` at most; matches may reach before `from`. Returns the end. */
function unpackBlock(block: Buffer, out: Buffer, from: number, limit: number): number {
  let at = 0;
  let to = from;
  const extended = (nibble: number): number => {
    let total = nibble;
    if (nibble < 15) return total;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) throw cutShort('lz4', 'a length', 'the end of the block');
      total += byte;
      if (byte < 255) return total;
    }
  };
  for (;;) {
    const token = block[at++];
    if (token === undefined) throw cutShort('lz4', 'literals at the end', 'the end of the block');
    const literals = extended(token >> 4);
    if (literals > block.length - at) throw cutShort('lz4', `${literals} literal bytes`, `${block.length - at}`);
    if (literals > limit - to) throw overLimit('lz4', limit - from);
    block.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at === block.length) return to;
    if (block.length - at < 2) throw cutShort('lz4', 'an offset of 2 bytes', `${block.length - at}`);
    const distance = block.readUInt16LE(at);
    at += 2;
    if (distance === 0 || distance > to) throw damaged('lz4', `an offset from 1 to ${to}`, `${distance}`);
    const match = extended(token & 15) + SHORTEST_MATCH;
    if (match > limit - to) throw overLimit('lz4', limit - from);
    if (distance >= match) out.copyWithin(to, to - distance, to - distance + match);
    else for (let index = 0; index < match; index++) out[to + index] = out[to + index - distance]!;
    to += match;
  }
}
