/** Partitions below have a place of their own number; a record may claim to be of any other up to 2^31 - 1. */
const DENSE = 64 * 1024;

/**
 * The last offset of each source partition in a sequence that is sorted by offsets: of one partition they only rise, so
 * a record that is there twice has the offset of the one before it. Memory grows with partitions alone.
 */
export class OffsetTracker {
  #hi = new Int32Array(64).fill(-1);
  #lo = new Uint32Array(64).fill(0xffffffff);
  readonly #slots = new Map<number, number>();

  /** Takes the next record; false where it is the same as the last one of its partition. */
  take(partition: number, hi: number, lo: number): boolean {
    const slot = partition < DENSE ? partition : this.#slotOf(partition);
    if (slot >= this.#hi.length) this.#grow(slot);
    if (this.#hi[slot] === hi && this.#lo[slot] === lo) return false;
    this.#hi[slot] = hi;
    this.#lo[slot] = lo;
    return true;
  }

  #slotOf(partition: number): number {
    let slot = this.#slots.get(partition);
    if (slot === undefined) this.#slots.set(partition, (slot = DENSE + this.#slots.size));
    return slot;
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, this.#hi.length * 2);
    const hi = new Int32Array(length).fill(-1);
    hi.set(this.#hi);
    const lo = new Uint32Array(length).fill(0xffffffff);
    lo.set(this.#lo);
    this.#hi = hi;
    this.#lo = lo;
  }
}
