import { decompress, isLoaded } from '@foxglove/wasm-zstd';
import { damaged, overLimit, reason } from './codec.ts';
import type { Decompress } from './codec.ts';
import { zstandardBound } from './zstandard-frame.ts';

/** The library's memory is that of WebAssembly: where it can't grow, it must not be tried. */
const MOST_AT_ONCE = 1024 * 1024 * 1024;

/**
 * Zstandard frames (RFC 8878), one or several, decoded by libzstd, which checks the content checksum of those that
 * have one: Avro's `zstandard` and Hadoop's ZStandardCodec.
 */
export const zstandard: Decompress = (data, { limit }) => {
  const { most, exact } = zstandardBound(data);
  const room = Math.min(limit, MOST_AT_ONCE);
  if (exact && most > room) throw overLimit('zstandard', room, `${most} bytes`);
  try {
    return decompress(data, Math.min(most, room));
  } catch (error) {
    if (most > room) throw overLimit('zstandard', room, 'more than that, or damaged data');
    throw damaged('zstandard', 'valid data', reason(error), error);
  }
};

/** The codec, once the library is ready. */
export async function loadZstandard(): Promise<Decompress> {
  await isLoaded;
  return zstandard;
}
