/** Which offsets of a range are there: a bit for each. */
export class OffsetBits {
  readonly from: bigint;
  readonly to: bigint;
  readonly #bits: Buffer;

  constructor(from: bigint, to: bigint, bits = Buffer.alloc(Number((to - from + 7n) / 8n))) {
    this.from = from;
    this.to = to;
    this.#bits = bits;
  }

  add(offset: bigint): void {
    const at = Number(offset - this.from);
    this.#bits[at >> 3]! |= 1 << (at & 7);
  }

  has(offset: bigint): boolean {
    const at = Number(offset - this.from);
    return (this.#bits[at >> 3]! & (1 << (at & 7))) !== 0;
  }

  toText(): string {
    return this.#bits.toString('base64');
  }
}
