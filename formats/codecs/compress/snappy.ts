import { crc32 } from '@node-rs/crc32';
import { compress, compressSync } from 'snappy';
import type { BlockCompressor, Compress, CompressionOptions } from './compressor.ts';

/** Raw snappy, without frame or checksum. */
export function snappyCompressor({ background }: CompressionOptions): Compress {
  // Copied into memory of V8, as when reading.
  return background === true
    ? (data) => compress(data, { copyOutputData: true })
    : (data) => compressSync(data, { copyOutputData: true });
}

/** Avro's `snappy`: raw snappy, then the CRC-32 of the data, four bytes, big-endian. */
export function snappyCrcCompressor(options: CompressionOptions): BlockCompressor {
  return {
    compress: snappyCompressor(options),
    trailer: (data) => {
      const checksum = Buffer.allocUnsafe(4);
      checksum.writeUInt32BE(crc32(data) >>> 0);
      return checksum;
    },
  };
}
