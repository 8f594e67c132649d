import { crc32c } from '@node-rs/crc32';
import { ByteWriter } from '../byte-writer.ts';
import type { ByteSink } from './byte-sink.ts';

/** Bytes of a chunk that is handed on: requests of single blocks would cost more than making them. */
const CHUNK = 256 * 1024;

/** Room for the chunk and the block that ends it. */
const ROOM = CHUNK + 64 * 1024;

/** What is known about a file when its last byte is on its way. */
export interface WrittenFile {
  /** Bytes. */
  length: number;
  records: number;
  /** CRC-32C (Castagnoli) of all bytes, unsigned. */
  crc32c: number;
}

/** The bytes of a file on their way to its sink: gathered into chunks, counted and summed up. */
export class FileOutput {
  readonly #sink: ByteSink;
  // Of a thousand files with little in them none takes the room of a large one.
  #chunk = new ByteWriter(ROOM / 16);
  #length = 0;
  #crc = 0;
  #waiting: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length + this.#chunk.length;
  }

  /** Whether the sink has asked to be waited for. */
  get isFull(): boolean {
    return this.#waiting !== undefined;
  }

  /** Room for `count` bytes, which the caller stores behind `length` of what it gets. */
  reserve(count: number): ByteWriter {
    this.#chunk.reserve(count);
    return this.#chunk;
  }

  /** @throws the sink's error, if it has had one */
  append(bytes: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#chunk.append(bytes);
    if (this.#chunk.length >= CHUNK) this.#handOn();
  }

  /** Waits until the sink has room. @throws its error */
  async drained(): Promise<void> {
    await this.#waiting;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Hands on the rest, and waits until the sink has taken it. */
  async end(): Promise<{ length: number; crc32c: number }> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#chunk.length > 0) this.#handOn();
    await this.drained();
    return { length: this.#length, crc32c: this.#crc };
  }

  #handOn(): void {
    const bytes = this.#chunk.view();
    this.#crc = crc32c(bytes, this.#crc) >>> 0;
    this.#length += bytes.length;
    this.#chunk = new ByteWriter(ROOM);
    const taken = this.#taken(bytes);
    if (taken === undefined) return;
    const waiting = Promise.all([this.#waiting, taken]).then(
      () => {
        if (this.#waiting === waiting) this.#waiting = undefined;
      },
      (error: unknown) => {
        this.#failure ??= { error };
        if (this.#waiting === waiting) this.#waiting = undefined;
      },
    );
    this.#waiting = waiting;
  }

  // A chunk that was refused is gone: after its error there is no way on.
  #taken(bytes: Uint8Array): Promise<void> | undefined {
    try {
      return this.#sink.write(bytes);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
