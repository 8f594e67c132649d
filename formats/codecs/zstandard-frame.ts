import { FormatError } from '../format-error.ts';
import { cutShort, damaged } from './codec.ts';

/** The head of a Zstandard frame (RFC 8878, 3.1.1.1), or of a skippable frame, which holds no data. */
export interface ZstandardFrameHead {
  /** Bytes of the head, the magic included. */
  length: number;
  /** Bytes behind the head that are to be passed over: of a skippable frame. */
  skip: number;
  skippable: boolean;
  /** Bytes of decompressed data that the decoder must keep. */
  windowSize: number;
  /** Decompressed bytes of the frame, if it says so. */
  contentSize: number | undefined;
  /** Whether 4 bytes of the XXH64 of the content follow the last block. */
  checksum: boolean;
}

export interface ZstandardBlockHead {
  last: boolean;
  /** Bytes of the block in the frame, behind the 3 bytes of the head. */
  length: number;
  /** Bytes that come out of it at most. */
  most: number;
}

const MAGIC = 0xfd2fb528;
const LARGEST_BLOCK = 128 * 1024;

/** `zstd -d` refuses larger windows too, unless told otherwise. */
export const LARGEST_WINDOW = 128 * 1024 * 1024;

/** Bytes that are needed to parse any head. */
export const LONGEST_FRAME_HEAD = 18;

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

/** Parses the head of the frame at `at`; 'truncated' where `bytes` end before it does. */
export function parseFrameHead(bytes: Uint8Array, at: number): ZstandardFrameHead | 'truncated' {
  const have = bytes.length - at;
  if (have < 4) return 'truncated';
  const magic = littleEndian(bytes, at, 4);
  if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
    if (have < 8) return 'truncated';
    const skip = littleEndian(bytes, at + 4, 4);
    return { length: 8, skip, skippable: true, windowSize: 0, contentSize: 0, checksum: false };
  }
  if (magic !== MAGIC)
    throw damaged('zstandard', `the magic ${MAGIC.toString(16)}`, magic.toString(16).padStart(8, '0'));
  if (have < 5) return 'truncated';
  const descriptor = bytes[at + 4]!;
  const single = (descriptor & 0x20) !== 0;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3]!;
  const sizeLength = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const length = 5 + (single ? 0 : 1) + dictionaryLength + sizeLength;
  if (have < length) return 'truncated';
  if ((descriptor & 0x08) !== 0) throw damaged('zstandard', 'a reserved bit of 0 in the head of a frame', '1');
  const dictionary = littleEndian(bytes, at + length - sizeLength - dictionaryLength, dictionaryLength);
  if (dictionary !== 0)
    throw new FormatError('unsupported', 'zstandard data that needs a dictionary', {
      expected: 'data without a dictionary',
      found: `dictionary ${dictionary}`,
    });
  const size = littleEndian(bytes, at + length - sizeLength, sizeLength);
  const contentSize = sizeLength === 0 ? undefined : sizeLength === 2 ? size + 256 : size;
  let windowSize = contentSize ?? 0;
  if (!single) {
    const base = 2 ** (10 + (bytes[at + 5]! >> 3));
    windowSize = base + (base / 8) * (bytes[at + 5]! & 7);
  }
  return { length, skip: 0, skippable: false, windowSize, contentSize, checksum: (descriptor & 4) !== 0 };
}

/** Parses the 3 bytes at the head of a block. */
export function parseBlockHead(bytes: Uint8Array, at: number): ZstandardBlockHead {
  const head = littleEndian(bytes, at, 3);
  const size = head >> 3;
  const last = (head & 1) === 1;
  const type = (head >> 1) & 3;
  if (type === 3) throw damaged('zstandard', 'a block of type 0, 1 or 2', '3');
  if (type !== 1 && size > LARGEST_BLOCK)
    throw damaged('zstandard', `a block of at most ${LARGEST_BLOCK} bytes`, `${size}`);
  return { last, length: type === 1 ? 1 : size, most: type === 2 ? LARGEST_BLOCK : size };
}

/**
 * How much can come out of whole frames, found from their heads alone, as `ZSTD_decompressBound` does.
 * @returns the most, and whether all frames state their size, so that it is exact
 */
export function zstandardBound(data: Uint8Array): { most: number; exact: boolean } {
  let most = 0;
  let exact = true;
  let at = 0;
  const need = (count: number, what: string) => {
    if (count > data.length - at) throw cutShort('zstandard', `${what} of ${count} bytes`, `${data.length - at} bytes`);
  };
  if (data.length === 0) throw cutShort('zstandard', 'a frame', 'no byte');
  while (at < data.length) {
    const head = parseFrameHead(data, at);
    if (head === 'truncated') throw cutShort('zstandard', 'the head of a frame', `${data.length - at} bytes`);
    at += head.length;
    need(head.skip, 'a skippable frame');
    at += head.skip;
    let content = 0;
    for (let last = head.skippable; !last;) {
      need(3, 'the head of a block');
      const block = parseBlockHead(data, at);
      at += 3;
      need(block.length, 'a block');
      at += block.length;
      content += block.most;
      last = block.last;
    }
    if (head.checksum) {
      need(4, 'a checksum');
      at += 4;
    }
    if (head.contentSize === undefined) exact = false;
    most += head.contentSize ?? content;
  }
  return { most, exact };
}
