/**
 * The last offset of each source partition in a sequence that is sorted by offsets: of one partition they only rise, so
 * a record that is there twice has the offset of the one before it. Memory grows with partitions alone.
 */
export class OffsetTracker {
  #hi = new Int32Array(64).fill(-1);
  #lo = new Uint32Array(64).fill(0xffffffff);

  /** Takes the next record; false where it is the same as the last one of its partition. */
  take(partition: number, hi: number, lo: number): boolean {
    if (partition >= this.#hi.length) this.#grow(partition);
    if (this.#hi[partition] === hi && this.#lo[partition] === lo) return false;
    this.#hi[partition] = hi;
    this.#lo[partition] = lo;
    return true;
  }

  #grow(partition: number): void {
    const length = Math.max(partition + 1, this.#hi.length * 2);
    const hi = new Int32Array(length).fill(-1);
    hi.set(this.#hi);
    const lo = new Uint32Array(length).fill(0xffffffff);
    lo.set(this.#lo);
    this.#hi = hi;
    this.#lo = lo;
  }
}
