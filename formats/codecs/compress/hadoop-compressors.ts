import type { Compress, CompressionOptions } from './compressor.ts';

/** What SequenceFiles and files of lines can be written with. */
export type HadoopWriteCodec = 'default' | 'deflate' | 'gzip' | 'snappy' | 'zstandard';

const PACKAGE = 'org.apache.hadoop.io.compress.';

/** The classes as a SequenceFile's header names them. */
export const HADOOP_CODEC_CLASSES: Readonly<Record<HadoopWriteCodec, string>> = {
  default: `${PACKAGE}DefaultCodec`,
  deflate: `${PACKAGE}DeflateCodec`,
  gzip: `${PACKAGE}GzipCodec`,
  snappy: `${PACKAGE}SnappyCodec`,
  zstandard: `${PACKAGE}ZStandardCodec`,
};

/** Compresses one value, or one part of a block, as a stream of the codec of its own. */
export async function loadHadoopCompressor(
  codec: HadoopWriteCodec,
  options: CompressionOptions = {},
): Promise<Compress> {
  switch (codec) {
    case 'default':
    case 'deflate':
      return (await import('./zlib.ts')).zlibCompressor('zlib', options);
    case 'gzip':
      return (await import('./zlib.ts')).zlibCompressor('gzip', options);
    case 'snappy':
      return (await import('./hadoop-block-compressor.ts')).hadoopBlockCompressor(
        (await import('./snappy.ts')).snappyCompressor(options),
      );
    case 'zstandard':
      return (await import('./zstandard.ts')).loadZstandardCompressor(options);
  }
}
