import type { BlockCompressor, CompressionOptions } from './compressor.ts';

/** What Avro container files can be written with: what every Java reader of the last ten years reads. */
export type AvroWriteCodec = 'null' | 'deflate' | 'snappy' | 'zstandard';

export const AVRO_WRITE_CODECS: readonly AvroWriteCodec[] = ['null', 'deflate', 'snappy', 'zstandard'];

/** @throws RangeError for a level that the codec doesn't have */
export async function loadAvroCompressor(
  codec: AvroWriteCodec,
  options: CompressionOptions = {},
): Promise<BlockCompressor> {
  switch (codec) {
    case 'null':
      return { compress: (data) => data };
    case 'deflate':
      return { compress: (await import('./zlib.ts')).zlibCompressor('raw', options) };
    case 'snappy':
      return (await import('./snappy.ts')).snappyCrcCompressor(options);
    case 'zstandard':
      return { compress: await (await import('./zstandard.ts')).loadZstandardCompressor(options) };
  }
}
