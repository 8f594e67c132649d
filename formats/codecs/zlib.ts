import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { cutShort, damaged, overLimit, reason } from './codec.ts';
import type { Decompress } from './codec.ts';

type Inflate = (data: Uint8Array, options: { maxOutputLength: number; chunkSize: number }) => Uint8Array;

/** One output chunk of about the size that comes out spares the library a chain of small ones. */
function chunkSize(compressed: number): number {
  return Math.min(Math.max(compressed * 6, 4 * 1024), 512 * 1024);
}

function zlibCodec(name: string, inflate: Inflate): Decompress {
  return (data, { limit }) => {
    if (data.length === 0) throw cutShort(name, 'a compressed stream', 'no byte');
    try {
      return inflate(data, { maxOutputLength: Math.max(limit, 1), chunkSize: chunkSize(data.length) });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw overLimit(name, limit);
      if (code === 'Z_BUF_ERROR') throw cutShort(name, 'the end of the stream', `only ${data.length} bytes`, error);
      throw damaged(name, 'a valid stream', reason(error), error);
    }
  };
}

/**
 * RFC 1951, without header or checksum: Avro's `deflate`. Bytes behind the end of the stream are let pass, as in
 * Java: Avro's Python library leaves three bytes of a checksum there.
 */
export const inflateRaw: Decompress = zlibCodec('deflate', inflateRawSync);

/** RFC 1950, the Adler-32 is checked: Hadoop's DefaultCodec and DeflateCodec. */
export const inflateZlib: Decompress = zlibCodec('zlib', inflateSync);

/** RFC 1952, one member or several, each CRC-32 and length checked: Hadoop's GzipCodec. */
export const gunzip: Decompress = zlibCodec('gzip', gunzipSync);
