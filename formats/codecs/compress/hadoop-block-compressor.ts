import type { Compress } from './compressor.ts';

/**
 * Bytes of a chunk before it is compressed. A reader decompresses a chunk into its buffer at once, 256 KiB unless
 * `io.compression.codec.snappy.buffersize` says less; snappy itself looks no further back than this.
 */
const CHUNK = 64 * 1024;

/**
 * Hadoop's `BlockCompressorStream` with all of the data in one block: its length (int32, big-endian), then chunks, each
 * with the length that it has compressed. Nothing becomes a block of length 0.
 */
export function hadoopBlockCompressor(compressChunk: Compress): Compress {
  return (data) => {
    const chunks: (Uint8Array | Promise<Uint8Array>)[] = [];
    for (let at = 0; at < data.length; at += CHUNK) chunks.push(compressChunk(data.subarray(at, at + CHUNK)));
    return chunks.some((chunk) => chunk instanceof Promise)
      ? Promise.all(chunks.map(async (chunk) => chunk)).then((done) => framed(data.length, done))
      : framed(data.length, chunks as Uint8Array[]);
  };
}

function framed(length: number, chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([int32(length), ...chunks.flatMap((chunk) => [int32(chunk.length), chunk])]);
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}
