import { ConnectionError } from '../../connection-error.ts';

/**
 * The bytes of a write on their way out: counts them, keeps the source's own error apart from those of the network,
 * and notices a server that has stopped taking them. Time that the source takes is nobody's fault and isn't counted.
 */
export class WriteBody implements AsyncIterable<Uint8Array> {
  readonly #chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly #limits: { answerMs: number; idleMs: number };
  readonly #doing: string;
  readonly #server: string;
  readonly #stalled = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #failure: { error: unknown } | undefined;
  /** Bytes that the connection has taken. */
  sent = 0;

  constructor(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    limits: { answerMs: number; idleMs: number },
    doing: string,
    server: string,
  ) {
    this.#chunks = chunks;
    this.#limits = limits;
    this.#doing = doing;
    this.#server = server;
  }

  /** Aborts, with the error as its reason, where the server takes nothing for `idleMs`, or doesn't answer in `answerMs`. */
  get stalled(): AbortSignal {
    return this.#stalled.signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of this.#source()) {
      if (chunk.length === 0) continue;
      this.#watch(this.#limits.idleMs, 'it stopped taking bytes');
      yield chunk;
      this.stop();
      this.sent += chunk.length;
    }
    this.#watch(this.#limits.answerMs, 'it took all bytes and did not answer');
  }

  // Apart from the loop above, into which a connection that breaks throws its own error.
  async *#source(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.#chunks;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Throws what the source threw, if it did. */
  throwIfSourceFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #watch(limitMs: number, what: string): void {
    this.stop();
    this.#timer = setTimeout(() => {
      const facts = { doing: this.#doing, server: this.#server, sent: this.sent, maybeDone: true };
      const text = `${this.#doing} at ${this.#server} failed: ${what} for ${limitMs} ms, after ${this.sent} bytes; try again`;
      this.#stalled.abort(new ConnectionError('unavailable', text, facts));
    }, limitMs);
  }
}
