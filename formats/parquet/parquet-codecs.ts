import { brotliDecompressSync } from 'node:zlib';
import { damaged, overLimit, reason, type Decompress } from '../codecs/codec.ts';
import { hadoopBlocks } from '../codecs/hadoop-blocks.ts';
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

const lz4Hadoop = hadoopBlocks('lz4', lz4Raw);

/** The format's first LZ4: as Hadoop's codec frames it, by which parquet-mr writes; other writers have a bare block. */
const lz4: Decompress = (data, { limit }) => {
  try {
    const plain = lz4Hadoop(data, { limit });
    if (plain.length === limit) return plain;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return lz4Raw(data, { limit });
};

/** By the format's number. 3 (LZO) is not read. */
const CODECS = new Map<number, () => Promise<Decompress>>([
  [0, async () => (data) => data],
  [1, async () => snappyRaw],
  [2, async () => gunzip],
  [4, async () => brotli],
  [5, async () => lz4],
  [6, loadZstandard],
  [7, async () => lz4Raw],
]);

/** @throws FormatError 'unsupported' */
export async function loadParquetCodec(codec: number): Promise<Decompress> {
  const load = CODECS.get(codec);
  if (load !== undefined) return load();
  throw new FormatError('unsupported', 'a column is compressed with a codec that this reader does not know', {
    expected: 'uncompressed, snappy, gzip, brotli, zstd, lz4 or lz4_raw',
    found: codec === 3 ? 'lzo' : String(codec),
  });
}
