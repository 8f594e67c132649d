import type { Compress } from '../codecs/compress/compressor.ts';

/** Blocks of one file that may be compressed at the same time. */
const MOST = 4;

/** Compresses blocks of one file, several at a time where that works in the background, and gives them out in order. */
export class CompressionQueue {
  readonly #compress: Compress;
  readonly #running: Promise<void>[] = [];
  #failure: { error: unknown } | undefined;

  constructor(compress: Compress) {
    this.#compress = compress;
  }

  get isFull(): boolean {
    return this.#running.length >= MOST;
  }

  /**
   * @param put gets the compressed bytes, after those of all blocks before; at once where compression isn't in the
   * background. `data` is no longer needed then.
   * @throws what an earlier compression or `put` threw
   */
  submit(data: Uint8Array, put: (compressed: Uint8Array) => void): void {
    this.#throwFailure();
    const compressed = this.#compress(data);
    if (!(compressed instanceof Promise)) return put(compressed);
    // Awaited only after those before it: its error is nobody's until then.
    compressed.catch(() => {});
    this.#running.push(this.#inTurn(this.#running.at(-1), compressed, put));
  }

  /** Waits until another block may come. @throws what a compression or `put` threw */
  async drained(): Promise<void> {
    while (this.isFull) await this.#running[0];
    this.#throwFailure();
  }

  /** Waits until all blocks were given out. @throws what a compression or `put` threw */
  async idle(): Promise<void> {
    await this.#running.at(-1);
    this.#throwFailure();
  }

  async #inTurn(
    before: Promise<void> | undefined,
    compressed: Promise<Uint8Array>,
    put: (compressed: Uint8Array) => void,
  ): Promise<void> {
    await before;
    try {
      const bytes = await compressed;
      if (this.#failure === undefined) put(bytes);
    } catch (error) {
      this.#failure ??= { error };
    }
    void this.#running.shift();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
