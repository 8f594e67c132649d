import { CompressionQueue } from '../../output/compression-queue.ts';
import type { FileOutput } from '../../output/file-output.ts';
import type { Compress, CompressionOptions, StreamCompressor } from './compressor.ts';

export type { StreamCompressor } from './compressor.ts';

/** How a whole file can be compressed; names as for reading. */
export type StreamWriteCodec = 'none' | 'gzip' | 'zlib' | 'snappy' | 'zstandard';

export const STREAM_WRITE_CODECS: readonly StreamWriteCodec[] = ['none', 'gzip', 'zlib', 'snappy', 'zstandard'];

/** @throws RangeError for a level that the codec doesn't have */
export async function openStreamCompressor(
  codec: StreamWriteCodec,
  output: FileOutput,
  options: CompressionOptions,
): Promise<StreamCompressor> {
  switch (codec) {
    case 'none':
      return new PieceCompressor((piece) => piece, output, false);
    case 'gzip':
    case 'zlib':
      return new (await import('./zlib-stream-compressor.ts')).ZlibStreamCompressor(codec, output, options);
    case 'snappy': {
      const compress = await (await import('./hadoop-compressors.ts')).loadHadoopCompressor('snappy', options);
      return new PieceCompressor(compress, output, true);
    }
    case 'zstandard':
      return new PieceCompressor(await (await import('./zstandard.ts')).loadZstandardCompressor(options), output, true);
  }
}

/** Codecs in which a file is any number of compressed pieces: blocks of Hadoop's snappy, frames of zstandard. */
class PieceCompressor implements StreamCompressor {
  readonly #compress: Compress;
  readonly #output: FileOutput;
  readonly #queue = new CompressionQueue();
  /** Whether a file without any piece would have no byte, by which readers could not tell that it is whole. */
  #needsPiece: boolean;

  constructor(compress: Compress, output: FileOutput, needsPiece: boolean) {
    this.#compress = compress;
    this.#output = output;
    this.#needsPiece = needsPiece;
  }

  get isFull(): boolean {
    return this.#queue.isFull;
  }

  write(piece: Uint8Array): void {
    this.#needsPiece = false;
    this.#queue.submit(this.#compress(piece), (compressed) => this.#output.append(compressed));
  }

  drained(): Promise<void> {
    return this.#queue.drained();
  }

  async end(): Promise<void> {
    if (this.#needsPiece) this.write(new Uint8Array(0));
    await this.#queue.idle();
  }
}
