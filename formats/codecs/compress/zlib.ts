import { promisify } from 'node:util';
import { deflate, deflateRaw, deflateRawSync, deflateSync, gzip, gzipSync } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { checkedLevel } from './compressor.ts';
import type { Compress, CompressionOptions } from './compressor.ts';

type Now = (data: Uint8Array, options: ZlibOptions) => Buffer;
type Later = (data: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const CONTAINERS = {
  raw: { now: deflateRawSync as Now, later: promisify(deflateRaw) as Later },
  zlib: { now: deflateSync as Now, later: promisify(deflate) as Later },
  gzip: { now: gzipSync as Now, later: promisify(gzip) as Later },
};

/** Node's own chunks of 16 KiB would come one after the other: one of half the size holds what most data become. */
function chunkSize(length: number): number {
  return Math.min(Math.max(length >>> 1, 1024), 1024 * 1024);
}

/** Deflate in none of the containers (RFC 1951: Avro), in zlib's (RFC 1950: Hadoop's DefaultCodec) or in gzip's. */
export function zlibCompressor(container: 'raw' | 'zlib' | 'gzip', options: CompressionOptions): Compress {
  const level = checkedLevel('deflate', options.level ?? 6, 0, 9);
  const { now, later } = CONTAINERS[container];
  const compress = options.background === true ? later : now;
  return (data) => compress(data, { level, chunkSize: chunkSize(data.length) });
}
