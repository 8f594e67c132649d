/** Sizes are rounded up to this: ranges that differ little use the same memory. */
const UNIT = 256 * 1024;
/** What is kept for later: the range at hand, and the next one. */
const MOST_KEPT = 2;
/** What is larger is of a block as few files have, and would stay for ever. */
const LARGEST_KEPT = 8 * 1024 * 1024;

/**
 * Memory for ranges of files, used again: a fresh piece for every range is work for the collector, and large pieces that come
 * and go leave holes that nothing fits into. Whoever gives memory back, or has it given back, holds no view of it any more.
 */
export class RangeMemory {
  /** The largest first. */
  readonly #kept: Buffer[] = [];

  /** At least so many bytes. */
  take(bytes: number): Buffer {
    const place = this.#kept.findLastIndex((each) => each.length >= bytes);
    const [kept] = place < 0 ? [] : this.#kept.splice(place, 1);
    return kept ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / UNIT) * UNIT);
  }

  give(memory: Buffer): void {
    if (memory.length > LARGEST_KEPT) return;
    this.#kept.push(memory);
    this.#kept.sort((a, b) => b.length - a.length);
    this.#kept.length = Math.min(this.#kept.length, MOST_KEPT);
  }
}
