import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';

/** The bytes of a column chunk from its beginning to its end, read ahead by `window`. */
export class ChunkBytes {
  readonly #source: ByteSource;
  readonly #end: number;
  readonly #window: number;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Byte of the file at which `peek` stands. */
  position: number;

  constructor(source: ByteSource, { start, end }: { start: number; end: number }, window: number) {
    this.#source = source;
    this.position = start;
    this.#end = end;
    this.#window = window;
  }

  get left(): number {
    return this.#end - this.position;
  }

  /** At least `length` bytes from the position on. */
  async peek(length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (length > this.left)
      throw new FormatError('corrupt', 'a page goes beyond the end of its column', {
        position: this.position,
        noticedAt: this.#end,
        expected: `${length} bytes`,
        found: String(this.left),
      });
    if (length <= this.#bytes.length) return this.#bytes;
    const missing = Math.min(Math.max(length, this.#window), this.left) - this.#bytes.length;
    const more = await this.#source.read(this.position + this.#bytes.length, missing, signal);
    this.#bytes = this.#bytes.length === 0 ? more : Buffer.concat([this.#bytes, more]);
    return this.#bytes;
  }

  skip(length: number): void {
    this.#bytes = this.#bytes.subarray(length);
    this.position += length;
  }
}
