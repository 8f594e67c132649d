import { createDeflate, createGzip } from 'node:zlib';
import type { Deflate, Gzip } from 'node:zlib';
import type { FileOutput } from '../../output/file-output.ts';
import { checkedLevel } from './compressor.ts';
import type { CompressionOptions, StreamCompressor } from './compressor.ts';

/** Pieces that may wait to be compressed. */
const MOST_WAITING = 4;

/** One gzip member, or one zlib stream (Hadoop's DefaultCodec), for a whole file; it works in Node's pool of threads. */
export class ZlibStreamCompressor implements StreamCompressor {
  readonly #stream: Gzip | Deflate;
  readonly #waiting: Promise<void>[] = [];
  readonly #ended: Promise<void>;
  #failure: { error: unknown } | undefined;

  constructor(container: 'gzip' | 'zlib', output: FileOutput, options: CompressionOptions) {
    const level = checkedLevel('deflate', options.level ?? 6, 0, 9);
    this.#stream = (container === 'gzip' ? createGzip : createDeflate)({ level, chunkSize: 64 * 1024 });
    this.#ended = this.#copyInto(output);
    // Told to whoever writes next, or ends.
    this.#ended.catch((error: unknown) => this.#fail(error));
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  write(piece: Uint8Array): void {
    this.#throwFailure();
    this.#waiting.push(
      new Promise((resolve) => {
        this.#stream.write(piece, () => {
          void this.#waiting.shift();
          resolve();
        });
      }),
    );
  }

  async drained(): Promise<void> {
    while (this.isFull && this.#failure === undefined) await Promise.race([this.#waiting[0], this.#ended]);
    this.#throwFailure();
  }

  async end(): Promise<void> {
    this.#throwFailure();
    this.#stream.end();
    await this.#ended;
  }

  async #copyInto(output: FileOutput): Promise<void> {
    for await (const chunk of this.#stream) {
      output.append(chunk as Uint8Array);
      // The stream is read no further than the file's sink takes it.
      if (output.isFull) await output.drained();
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stream.destroy();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
