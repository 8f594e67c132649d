import { Xxh64 } from '@node-rs/xxhash';
import { Decompress as FrameDecoder } from 'fzstd';
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { withPosition } from '../with-position.ts';
import { ReadAhead } from '../read-ahead.ts';
import { cutShort, damaged, reason } from './codec.ts';
import type { Chunks, StreamOptions } from './chunks.ts';
import { LARGEST_WINDOW, LONGEST_FRAME_HEAD, parseBlockHead, parseFrameHead } from './zstandard-frame.ts';
import type { ZstandardFrameHead } from './zstandard-frame.ts';

async function takeAll(reader: ReadAhead, count: number, what: string): Promise<Uint8Array> {
  const have = await reader.fill(count);
  if (have < count) throw cutShort('zstandard', `${what} of ${count} bytes`, `${have} bytes`);
  return reader.take(count);
}

async function frameHead(reader: ReadAhead): Promise<{ head: ZstandardFrameHead; bytes: Uint8Array }> {
  const have = Math.min(await reader.fill(LONGEST_FRAME_HEAD), LONGEST_FRAME_HEAD);
  const head = parseFrameHead(reader.buffer.subarray(reader.at, reader.at + have), 0);
  if (head === 'truncated') throw cutShort('zstandard', 'the head of a frame', `${have} bytes`);
  if (head.windowSize > LARGEST_WINDOW)
    throw new FormatError('limit', 'zstandard data that needs too large a window', {
      expected: `at most ${LARGEST_WINDOW} bytes`,
      found: `${head.windowSize}`,
    });
  return { head, bytes: reader.take(head.length) };
}

/**
 * One frame. The library decodes blocks, and checks neither the content's size nor its checksum: both are checked
 * here, so that the frame's end is known before the library sees it.
 */
async function* frameChunks(reader: ReadAhead): Chunks {
  const { head, bytes } = await frameHead(reader);
  if (head.skippable) {
    if (head.skip > reader.remaining)
      throw cutShort('zstandard', `a skippable frame of ${head.skip} bytes`, `${reader.remaining} bytes`);
    return reader.skip(head.skip);
  }
  const out: Uint8Array[] = [];
  const decoder = new FrameDecoder((piece) => out.push(piece));
  const hash = head.checksum ? new Xxh64() : undefined;
  let content = 0;
  let fed: Uint8Array = bytes;
  for (let last = false; !last;) {
    const blockHead = await takeAll(reader, 3, 'the head of a block');
    const block = parseBlockHead(blockHead, 0);
    last = block.last;
    const data = await takeAll(reader, block.length, 'a block');
    const checksum = last && head.checksum ? await takeAll(reader, 4, 'a checksum') : new Uint8Array(0);
    fed = Buffer.concat([fed, blockHead, data, checksum]);
    try {
      decoder.push(fed, last);
    } catch (error) {
      throw damaged('zstandard', 'valid data', reason(error), error);
    }
    fed = new Uint8Array(0);
    for (const piece of out.splice(0)) {
      if (piece.length === 0) continue;
      content += piece.length;
      hash?.update(piece);
      yield piece;
    }
    if (last) checkEnd(head, content, hash, checksum);
  }
}

function checkEnd(head: ZstandardFrameHead, content: number, hash: Xxh64 | undefined, checksum: Uint8Array): void {
  if (head.contentSize !== undefined && head.contentSize !== content)
    throw damaged('zstandard', `${head.contentSize} bytes of content`, `${content}`);
  if (hash === undefined) return;
  const expected = Buffer.from(checksum).readUInt32LE(0);
  const found = Number(hash.digest() & 0xffffffffn);
  if (found !== expected)
    throw damaged('zstandard', `checksum ${expected.toString(16)}`, `checksum ${found.toString(16)} of the content`);
}

/** Decompresses a file of Zstandard frames, as Hadoop's ZStandardCodec and `zstd` write; content checksums are checked. */
export async function* zstandardChunks(source: ByteSource, options: StreamOptions): Chunks {
  const { window, signal } = options;
  const reader = new ReadAhead(source, { signal, ...(window === undefined ? {} : { window }) });
  try {
    while (reader.remaining > 0) {
      const position = reader.position;
      try {
        yield* frameChunks(reader);
      } catch (error) {
        throw withPosition(error, position, reader.position);
      }
    }
  } finally {
    reader.close();
  }
}
