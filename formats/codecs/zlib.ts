import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { cutShort, damaged, overLimit, reason } from './codec.ts';
import type { Decompress } from './codec.ts';

interface InflateOptions {
  maxOutputLength: number;
  chunkSize: number;
  info: true;
}
type Inflate = (data: Uint8Array, options: InflateOptions) => unknown;

/** What Node gives under `info`, which its types don't have: the bytes, and how much of the input they took. */
interface Inflated {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

/** Of compressed records of most kinds; the first piece is as large as this makes expect. */
const FIRST_RATIO = 6;
/** So much more than the piece before took of its size. */
const MARGIN = 1.25;

function zlibCodec(name: string, inflate: Inflate, behindTheEnd: 'passed' | 'refused'): Decompress {
  // One chunk of about the size that comes out spares the library a chain of small ones, and the garbage collector what
  // nothing is put into. Blocks of a file shrink alike.
  let ratio = FIRST_RATIO;
  return (data, { limit }) => {
    if (data.length === 0) throw cutShort(name, 'a compressed stream', 'no byte');
    const chunkSize = Math.ceil(Math.min(Math.max(data.length * ratio, 4 * 1024), 512 * 1024));
    const { buffer, engine } = inflated(name, inflate, data, { maxOutputLength: Math.max(limit, 1), chunkSize });
    ratio = (buffer.length / data.length) * MARGIN;
    if (behindTheEnd === 'refused' && engine.bytesWritten < data.length)
      throw damaged(name, `the end of the stream at byte ${data.length}`, `one at byte ${engine.bytesWritten}`);
    return buffer;
  };
}

function inflated(
  name: string,
  inflate: Inflate,
  data: Uint8Array,
  sizes: Pick<InflateOptions, 'maxOutputLength' | 'chunkSize'>,
): Inflated {
  try {
    return inflate(data, { ...sizes, info: true }) as Inflated;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw overLimit(name, sizes.maxOutputLength);
    if (code === 'Z_BUF_ERROR') throw cutShort(name, 'the end of the stream', `only ${data.length} bytes`, error);
    throw damaged(name, 'a valid stream', reason(error), error);
  }
}

/**
 * RFC 1951, without header or checksum: Avro's `deflate`. Bytes behind the end of the stream are let pass, as in
 * Java: Avro's Python library leaves three bytes of a checksum there.
 */
export const inflateRaw: Decompress = zlibCodec('deflate', inflateRawSync, 'passed');

/**
 * RFC 1950, the Adler-32 is checked: Hadoop's DefaultCodec and DeflateCodec. Java would pass over bytes behind the end;
 * no writer leaves any, and a length that is damaged does.
 */
export const inflateZlib: Decompress = zlibCodec('zlib', inflateSync, 'refused');

/** RFC 1952, one member or several, each CRC-32 and length checked: Hadoop's GzipCodec. */
export const gunzip: Decompress = zlibCodec('gzip', gunzipSync, 'refused');
