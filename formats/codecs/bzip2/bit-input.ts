import { cutShort } from '../codec.ts';

/** Bits of bzip2 data, the highest of each byte first. Behind the end there are zeros, until `check` is called. */
export class BitInput {
  readonly #data: Uint8Array;
  #byte = 0;
  /** Bits of the current byte that are used up: 0 to 7. */
  #bit = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get atEnd(): boolean {
    return this.#byte >= this.#data.length;
  }

  /** The next bits, which stay. @param count 1 to 24 */
  peek(count: number): number {
    const data = this.#data;
    const at = this.#byte;
    // A place behind the end is undefined, and zero when shifted.
    const four = (data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!;
    return (four << this.#bit) >>> (32 - count);
  }

  skip(count: number): void {
    const bits = this.#bit + count;
    this.#byte += bits >> 3;
    this.#bit = bits & 7;
  }

  /** @param count 1 to 24 */
  bits(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  uint32(): number {
    return this.bits(16) * 0x10000 + this.bits(16);
  }

  toNextByte(): void {
    if (this.#bit > 0) this.skip(8 - this.#bit);
  }

  /** @throws FormatError 'truncated' if more bits were taken than there are */
  check(): void {
    if (this.#byte > this.#data.length || (this.#byte === this.#data.length && this.#bit > 0))
      throw cutShort('bzip2', 'the end of the stream', `only ${this.#data.length} bytes`);
  }
}
