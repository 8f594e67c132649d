import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as zlib from 'node:zlib';
import { compress as snappyCompress, uncompress as snappyUncompress } from 'snappy';
import * as libzstd from '@foxglove/wasm-zstd';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { loadZstandard } from '../../../formats/codecs/zstandard.ts';

/** What the records of a batch are compressed with, as the topic setting `compression.type` calls it. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** The codecs by their number in the lowest three bits of a batch's attributes. */
export const COMPRESSIONS: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

type Codec = (bytes: Uint8Array) => Promise<Uint8Array>;

interface NodeZstd {
  zstdCompress?: (bytes: Uint8Array, done: (error: Error | null, result: Buffer) => void) => void;
  zstdDecompress?: (bytes: Uint8Array, done: (error: Error | null, result: Buffer) => void) => void;
}

// Java's clients frame snappy as xerial's SnappyOutputStream does: a header, then blocks with a 32-bit length each.
const XERIAL_HEADER = Buffer.from('82534e41505059000000000100000001', 'hex');
const XERIAL_BLOCK_BYTES = 32 * 1024;
/** More than any batch holds. */
const MAX_ZSTD_BYTES = 1024 * 1024 * 1024;

const CODECS: Record<Compression, { compress: Codec; decompress: Codec }> = {
  none: { compress: async (bytes) => bytes, decompress: async (bytes) => bytes },
  gzip: { compress: promisify<Uint8Array, Buffer>(gzip), decompress: promisify<Uint8Array, Buffer>(gunzip) },
  snappy: { compress: compressXerial, decompress: decompressXerial },
  lz4: {
    compress: async (bytes) => compressFrame(asBuffer(bytes)),
    decompress: async (bytes) => decompressFrame(asBuffer(bytes)),
  },
  zstd: { compress: zstd('zstdCompress'), decompress: zstd('zstdDecompress') },
};

/** Compresses the records of a batch off the event loop. */
export function compressRecords(compression: Compression, bytes: Uint8Array): Promise<Uint8Array> {
  return CODECS[compression].compress(bytes);
}

/** Undoes the compression that a batch's attributes name. */
export function decompressRecords(compression: Compression, bytes: Uint8Array): Promise<Uint8Array> {
  return CODECS[compression].decompress(bytes);
}

async function compressXerial(bytes: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [XERIAL_HEADER];
  for (let at = 0; at < bytes.length; at += XERIAL_BLOCK_BYTES) {
    const block = await snappyCompress(asBuffer(bytes.subarray(at, at + XERIAL_BLOCK_BYTES)));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

async function decompressXerial(bytes: Uint8Array): Promise<Uint8Array> {
  const source = asBuffer(bytes);
  // librdkafka writes plain snappy, which readers tell by the missing header.
  if (!source.subarray(0, 8).equals(XERIAL_HEADER.subarray(0, 8))) return uncompress(source);
  const parts: Uint8Array[] = [];
  let at = XERIAL_HEADER.length;
  while (at < source.length) {
    const length = source.readInt32BE(at);
    at += 4;
    parts.push(await uncompress(source.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(parts);
}

async function uncompress(block: Buffer): Promise<Buffer> {
  return asBuffer(await snappyUncompress(block, { asBuffer: true }));
}

/** Node.js before 22.15 has no zstd of its own: there libzstd runs as WebAssembly, on the event loop. */
function zstd(name: keyof NodeZstd): Codec {
  const native = (zlib as NodeZstd)[name];
  if (native !== undefined) return promisify<Uint8Array, Buffer>(native);
  if (name === 'zstdCompress')
    return async (bytes) => {
      await libzstd.isLoaded;
      return libzstd.compress(bytes);
    };
  return async (bytes) => (await loadZstandard())(bytes, { limit: MAX_ZSTD_BYTES });
}

function asBuffer(bytes: Uint8Array | string): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes);
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
