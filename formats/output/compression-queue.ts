/** Blocks of one file that may be compressed at the same time. */
const MOST = 4;

/** Takes the blocks of one file as they are compressed, some of them in the background, and gives them out in order. */
export class CompressionQueue {
  readonly #running: Promise<void>[] = [];
  #failure: { error: unknown } | undefined;

  get isFull(): boolean {
    return this.#running.length >= MOST;
  }

  /**
   * @param put gets the compressed bytes, after those of all blocks before; at once where all are there already
   * @throws what an earlier compression or `put` threw
   */
  submit(compressed: Uint8Array | Promise<Uint8Array>, put: (compressed: Uint8Array) => void): void {
    // Awaited only after those before it: its error is nobody's until then.
    if (compressed instanceof Promise) compressed.catch(() => {});
    this.#throwFailure();
    if (!(compressed instanceof Promise) && this.#running.length === 0) return put(compressed);
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
    compressed: Uint8Array | Promise<Uint8Array>,
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
