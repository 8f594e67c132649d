import { ByteWriter } from '../byte-writer.ts';
import type { CompressionOptions } from '../codecs/compress/compressor.ts';
import { openStreamCompressor } from '../codecs/compress/stream-compressor.ts';
import type { StreamCompressor, StreamWriteCodec } from '../codecs/compress/stream-compressor.ts';
import type { ByteSink } from '../output/byte-sink.ts';
import { FileOutput } from '../output/file-output.ts';
import type { WrittenFile } from '../output/file-output.ts';
import type { FileWriter } from '../output/file-writer.ts';

/** Lines that are compressed together: Hadoop's block codecs decompress them piece by piece whatever they come in. */
const PIECE = 256 * 1024;

export interface LineWriterOptions extends CompressionOptions {
  /** @default 'none' */
  compression?: StreamWriteCodec | undefined;
  /** What follows each record; `etl.output.record.delimiter`. @default '\n' */
  separator?: string | undefined;
  sink: ByteSink;
}

/** Extensions by which Hadoop, and Rewind, know how lines are compressed. */
export const LINE_EXTENSIONS: Readonly<Record<StreamWriteCodec, string>> = {
  none: '',
  gzip: '.gz',
  zlib: '.deflate',
  snappy: '.snappy',
  zstandard: '.zst',
};

/** Writes records with a separator behind each, as Camus's StringRecordWriterProvider does. */
export class LineWriter implements FileWriter {
  readonly #output: FileOutput;
  readonly #compressor: StreamCompressor;
  readonly #separator: Uint8Array;
  #piece = new ByteWriter(8 * 1024);
  #records = 0;

  constructor(output: FileOutput, compressor: StreamCompressor, separator: string) {
    this.#output = output;
    this.#compressor = compressor;
    this.#separator = Buffer.from(separator);
  }

  get records(): number {
    return this.#records;
  }

  get length(): number {
    return this.#output.length;
  }

  /**
   * Appends the record that is [start, end) of `data`. That no separator is in it, is for the caller to see to.
   * @returns whether more may be appended without waiting for `drained`
   */
  append(data: Uint8Array, start = 0, end: number = data.length): boolean {
    this.#piece.append(data, start, end);
    this.#piece.append(this.#separator);
    this.#records++;
    if (this.#piece.length >= PIECE) this.#endPiece();
    return !this.#compressor.isFull && !this.#output.isFull;
  }

  async drained(): Promise<void> {
    await this.#compressor.drained();
    await this.#output.drained();
  }

  async end(): Promise<WrittenFile> {
    if (this.#piece.length > 0) this.#endPiece();
    await this.#compressor.end();
    return { ...(await this.#output.end()), records: this.#records };
  }

  #endPiece(): void {
    this.#compressor.write(this.#piece.view());
    this.#piece = new ByteWriter(PIECE + 8 * 1024);
  }
}

/**
 * A writer with its codec ready.
 * @throws RangeError for a level that the codec doesn't have
 */
export async function openLineWriter(options: LineWriterOptions): Promise<LineWriter> {
  const { compression = 'none', separator = '\n' } = options;
  const output = new FileOutput(options.sink);
  return new LineWriter(output, await openStreamCompressor(compression, output, options), separator);
}
