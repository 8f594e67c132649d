import { brotliDecompressSync } from 'node:zlib';
import { damaged, overLimit, reason, type Decompress } from '../codecs/codec.ts';
import { lz4Raw } from '../codecs/lz4.ts';
import { snappyRaw } from '../codecs/snappy.ts';
import { gunzip } from '../codecs/zlib.ts';
import { loadZstandard } from '../codecs/zstandard.ts';
import { FormatError } from '../format-error.ts';

const brotli: Decompress = (data, { limit }) => {
  try {
    return brotliDecompressSync(data, { maxOutputLength: Math.max(1, limit) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw overLimit('brotli', limit);
    throw damaged('brotli', 'a valid stream', reason(error), error);
  }
};

/** By the format's number. 3 (LZO) and 5 (an LZ4 that has Hadoop's framing or not) are not read. */
const CODECS = new Map<number, () => Promise<Decompress>>([
  [0, async () => (data) => data],
  [1, async () => snappyRaw],
  [2, async () => gunzip],
  [4, async () => brotli],
  [6, loadZstandard],
  [7, async () => lz4Raw],
]);

/** @throws FormatError 'unsupported' */
export async function loadParquetCodec(codec: number): Promise<Decompress> {
  const load = CODECS.get(codec);
  if (load !== undefined) return load();
  throw new FormatError('unsupported', 'a column is compressed with a codec that this reader does not know', {
    expected: 'uncompressed, snappy, gzip, brotli, zstd or lz4_raw',
    found: ({ 3: 'lzo', 5: 'lz4' } as Record<number, string>)[codec] ?? String(codec),
  });
}
