import type { ByteSink } from './byte-sink.ts';

const MEBIBYTE = 1024 * 1024;

/** Room of several pipes of one writer: while all together hold less than it, none of them asks to be waited for. */
export interface SharedRoom {
  readonly most: number;
  /** Bytes that wait in the pipes, and those of large chunks that a reader has in hand. */
  used: number;
}

/**
 * Turns chunks that are pushed into chunks that are pulled, such as `FileStore.write` takes them, and holds no more than
 * `most` bytes (or as many as there is shared room) and one chunk if its writer heeds the promises. Of a chunk that the
 * reader has in hand all but a MiB counts until it asks for the next: large ones are as large there as here. One reader.
 */
export class ChunkPipe implements ByteSink, AsyncIterable<Uint8Array> {
  readonly #most: number;
  readonly #shared: SharedRoom;
  readonly #queue: Uint8Array[] = [];
  /** Bytes in the queue, and those in hand that count. */
  #queued = 0;
  #inHand = 0;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #room: PromiseWithResolvers | undefined;

  /** @param most bytes that may wait for the reader. @default 1 MiB */
  constructor(most = MEBIBYTE, shared: SharedRoom = { most: 0, used: 0 }) {
    this.#most = most;
    this.#shared = shared;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended) throw new Error('bytes were written behind the end of a file');
    this.#queue.push(chunk);
    this.#count(chunk.length);
    this.#wakeReader?.();
    if (this.#hasRoom) return undefined;
    this.#room ??= promiseWithResolvers();
    return this.#room.promise;
  }

  /** After the last chunk. */
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
  }

  /** Ends both sides with an error, if nothing has ended them before: the reader's next step and the writer's. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#queue.length = 0;
    this.#count(-this.#queued);
    this.#inHand = 0;
    this.#wakeReader?.();
    this.#room?.reject(error);
    this.#room = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, void, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        if (!this.#ended || this.#queue.length > 0)
          this.fail(new Error('the file is no longer taken: its reader left before the end'));
        return { done: true, value: undefined };
      },
    };
  }

  get #hasRoom(): boolean {
    return this.#queued <= this.#most || this.#shared.used < this.#shared.most;
  }

  #count(bytes: number): void {
    this.#queued += bytes;
    this.#shared.used += bytes;
  }

  #takeInHand(bytes: number): void {
    const inHand = Math.max(0, bytes - MEBIBYTE);
    this.#count(inHand - this.#inHand - bytes);
    this.#inHand = inHand;
    if (!this.#hasRoom) return;
    this.#room?.resolve();
    this.#room = undefined;
  }

  async #next(): Promise<IteratorResult<Uint8Array, void>> {
    this.#takeInHand(0);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#takeInHand(chunk.length);
        return { done: false, value: chunk };
      }
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      this.#wakeReader = undefined;
    }
  }
}

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

function promiseWithResolvers(): PromiseWithResolvers {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever waits for it gets the error; nobody need be waiting.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
