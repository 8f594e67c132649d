import { createGunzip, gunzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { decompressFrameSync } from 'lz4-napi';
import { bytesSource } from '../../../formats/byte-source.ts';
import { loadZstandard } from '../../../formats/codecs/zstandard.ts';
import { zstandardBound } from '../../../formats/codecs/zstandard-frame.ts';
import { zstandardChunks } from '../../../formats/codecs/zstandard-stream.ts';
import type { Decompress } from '../../../formats/codecs/codec.ts';
import type { Compression } from './compression.ts';
import { lz4Blocks, lz4Bound } from './lz4-frame.ts';
import { snappyBlocks, snappyBound, unpackSnappy } from './xerial.ts';

/** What unpacks to no more than this is unpacked at once; more comes in pieces. */
export const UNPACK_AT_ONCE = 8 * 1024 * 1024;

const GZIP_CHUNK = 256 * 1024;

interface NodeZstd {
  zstdDecompressSync?: (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;
}

/**
 * Undoes the compression that a batch's attributes name, whatever comes out, in pieces. Nearly every batch is one piece,
 * made on the spot: a hand-over to another thread would cost more than most of them do.
 *
 * @throws FormatError for data that aren't what the codec says
 */
export function unpack(compression: Compression, bytes: Buffer): Iterable<Buffer> | AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return [bytes];
    case 'gzip':
      return unpackGzip(bytes);
    case 'snappy':
      return unpackBlocks(bytes);
    case 'lz4':
      return lz4Bound(bytes) > UNPACK_AT_ONCE ? lz4Blocks(bytes) : [decompressFrameSync(bytes)];
    case 'zstd':
      return unpackZstd(bytes);
  }
}

function unpackGzip(bytes: Buffer): Iterable<Buffer> | AsyncIterable<Uint8Array> {
  try {
    return [gunzipSync(bytes, { maxOutputLength: UNPACK_AT_ONCE })];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    const stream = createGunzip({ chunkSize: GZIP_CHUNK });
    stream.end(bytes);
    return stream;
  }
}

function* unpackBlocks(bytes: Buffer): Generator<Buffer> {
  const bound = snappyBound(bytes);
  if (bound > UNPACK_AT_ONCE) {
    for (const block of snappyBlocks(bytes)) yield unpackSnappy(block);
    return;
  }
  const blocks = [...snappyBlocks(bytes)];
  const plain = blocks.map(unpackSnappy);
  yield plain.length === 1 ? plain[0]! : Buffer.concat(plain, bound);
}

function unpackZstd(bytes: Buffer): Iterable<Buffer> | AsyncIterable<Uint8Array> {
  const { most } = zstandardBound(bytes);
  if (most > UNPACK_AT_ONCE) return zstandardChunks(bytesSource(bytes), {});
  const native = (zlib as NodeZstd).zstdDecompressSync;
  if (native !== undefined) return [native(bytes, { maxOutputLength: UNPACK_AT_ONCE })];
  return throughWebAssembly(bytes, most);
}

// Node.js before 22.15 has no zstd of its own: there libzstd runs as WebAssembly, once it is loaded.
let libzstd: Decompress | undefined;

async function* throughWebAssembly(bytes: Buffer, limit: number): AsyncGenerator<Uint8Array> {
  libzstd ??= await loadZstandard();
  yield libzstd(bytes, { limit });
}
