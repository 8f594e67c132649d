import type { ByteSink } from '../../../formats/output/byte-sink.ts';

/** Keeps what it is given, uncopied: a writer that touched a chunk once it was handed on would be seen. Never waits. */
export class MemorySink implements ByteSink {
  readonly chunks: Uint8Array[] = [];

  write(chunk: Uint8Array): undefined {
    this.chunks.push(chunk);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Takes nothing until it is told to: each chunk waits for `take`. */
export class SlowSink implements ByteSink {
  readonly chunks: Uint8Array[] = [];
  readonly #waiting: (() => void)[] = [];

  write(chunk: Uint8Array): Promise<void> {
    this.chunks.push(chunk);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  take(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get length(): number {
    return this.chunks.reduce((sum, { length }) => sum + length, 0);
  }
}

/** Fails with `error` at the chunk with that ordinal, at once or a little later. */
export class FailingSink implements ByteSink {
  readonly #at: number;
  readonly #error: Error;
  readonly #later: boolean;
  #chunks = 0;

  constructor(at: number, error: Error, later: boolean) {
    this.#at = at;
    this.#error = error;
    this.#later = later;
  }

  write(): Promise<void> | undefined {
    if (this.#chunks++ !== this.#at) return undefined;
    if (this.#later) return new Promise((_, reject) => setImmediate(() => reject(this.#error)));
    throw this.#error;
  }
}
