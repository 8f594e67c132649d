import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { fileChunks } from './chunks.ts';
import type { Chunks, StreamOptions } from './chunks.ts';

/** How a whole file is compressed; 'snappy' and 'lz4' are Hadoop's block framing, 'zlib' is Hadoop's DefaultCodec. */
export type StreamCompression = 'none' | 'gzip' | 'zlib' | 'snappy' | 'lz4' | 'zstandard';

/** Whether the format has a checksum over what was compressed (zstandard: where its writer made one). */
export function hasChecksum(compression: StreamCompression): boolean {
  return compression === 'gzip' || compression === 'zlib' || compression === 'zstandard';
}

/**
 * The decompressed bytes of a file, in bounded memory: whatever its size, a few ranges and pieces are held.
 * @throws FormatError 'truncated' or 'corrupt' with the position, in the file, of the broken part (of a stream that
 * has no parts: 0), after the bytes before it were given out
 */
export async function* decompressedChunks(
  source: ByteSource,
  compression: StreamCompression,
  options: StreamOptions = {},
): Chunks {
  if (compression !== 'none' && source.length === 0)
    throw new FormatError('truncated', `${compression} data ends too early`, {
      position: 0,
      noticedAt: 0,
      expected: 'a compressed stream',
      found: 'a file of no bytes',
    });
  switch (compression) {
    case 'none':
      return yield* fileChunks(source, options);
    case 'gzip':
    case 'zlib':
      return yield* (await import('./zlib-stream.ts')).zlibChunks(source, compression, options);
    case 'snappy':
      return yield* (await import('./hadoop-block-stream.ts')).hadoopBlockChunks(
        source,
        'snappy',
        (await import('./snappy.ts')).snappyRaw,
        options,
      );
    case 'lz4':
      return yield* (await import('./hadoop-block-stream.ts')).hadoopBlockChunks(
        source,
        'lz4',
        (await import('./lz4.ts')).lz4Raw,
        options,
      );
    case 'zstandard':
      return yield* (await import('./zstandard-stream.ts')).zstandardChunks(source, options);
  }
}
