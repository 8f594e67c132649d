import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { reason } from './codec.ts';
import { fileChunks } from './chunks.ts';
import type { Chunks, StreamOptions } from './chunks.ts';

const PIECE = 256 * 1024;

/**
 * Inflates a file of gzip members (each CRC-32 and length checked) or one zlib stream (Adler-32 checked). Zero bytes
 * behind the last gzip member are padding; anything else behind the end is an error.
 */
export async function* zlibChunks(source: ByteSource, kind: 'gzip' | 'zlib', options: StreamOptions): Chunks {
  const compressed = Readable.from(fileChunks(source, options), { objectMode: true, highWaterMark: 1 });
  const inflate = (kind === 'gzip' ? createGunzip : createInflate)({ chunkSize: PIECE });
  // Its errors come out of the iteration below.
  pipeline(compressed, inflate, () => undefined);
  try {
    for await (const piece of inflate) yield piece as Uint8Array;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !code.startsWith('Z_')) throw error;
    const cut = code === 'Z_BUF_ERROR';
    throw new FormatError(cut ? 'truncated' : 'corrupt', `${kind} data ${cut ? 'ends too early' : 'is damaged'}`, {
      position: 0,
      expected: cut ? 'the end of the stream' : 'a valid stream',
      found: cut ? `only ${source.length} bytes` : reason(error),
      cause: error,
    });
  }
  if (kind === 'zlib' && inflate.bytesWritten < source.length)
    throw new FormatError('corrupt', 'bytes follow the end of the zlib stream', {
      position: inflate.bytesWritten,
      expected: 'the end of the file',
      found: `${source.length - inflate.bytesWritten} bytes more`,
    });
}
