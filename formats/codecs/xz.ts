import xz from 'xz-decompress';
import { FormatError } from '../format-error.ts';
import { cutShort, damaged, overLimit, reason } from './codec.ts';
import type { DecompressLater } from './codec.ts';

/** Results of XZ Embedded, of which the library is made. */
const MEMORY_LIMIT = 4;
const OPTIONS = 6;
const BUFFER = 8;

function explain(error: unknown, length: number): FormatError {
  const code = Number(/error code (\d+)/.exec(reason(error))?.[1]);
  const facts = { found: reason(error), cause: error };
  if (code === MEMORY_LIMIT) return new FormatError('limit', 'xz data that needs too large a dictionary', facts);
  if (code === OPTIONS)
    return new FormatError('unsupported', 'xz data with a filter or checksum that this reader does not know', {
      ...facts,
      expected: 'LZMA2 and CRC-32, CRC-64 or no checksum',
    });
  if (code === BUFFER) return cutShort('xz', 'the end of the stream', `only ${length} bytes`, error);
  return damaged('xz', 'a valid stream', reason(error), error);
}

/** The .xz format, one stream or several; CRC-32 and CRC-64 are checked: Avro's `xz`. */
export const xzStream: DecompressLater = async (data, { limit }) => {
  if (data.length === 0) throw cutShort('xz', 'a stream', 'no byte');
  const compressed = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(data);
      controller.close();
    },
  });
  const reader = new xz.XzReadableStream(compressed).getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const next = await reader.read().catch((error: unknown) => {
      throw explain(error, data.length);
    });
    if (next.done) return Buffer.concat(parts, total);
    total += next.value.length;
    if (total > limit) {
      await reader.cancel();
      throw overLimit('xz', limit);
    }
    // The library gives out views of its own memory.
    parts.push(next.value.slice());
  }
};
