/** The offsets of one source partition that a split holds: first offset of each run, and the one behind its last. */
export interface PartitionRuns {
  partition: number;
  runs: [from: number, to: number][];
}

/**
 * Offsets of one partition as runs without holes, in ascending order: what an archive's files hold in pieces comes
 * together again. Offsets are numbers up to 2^53.
 */
export class OffsetRuns {
  /** First offset of each run, and the one behind its last. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  /** Runs so far. */
  get count(): number {
    return this.#from.length;
  }

  /** Adds the offsets from `from` up to `to`; false, with nothing added, where one of them is there already. */
  add(from: number, to: number): boolean {
    const next = this.#firstAtOrBehind(from);
    const [before, behind] = [this.#to[next - 1], this.#from[next]];
    if ((before !== undefined && before > from) || (behind !== undefined && behind < to)) return false;
    const goesOn = before === from;
    const closes = behind === to;
    if (goesOn && closes) {
      this.#to[next - 1] = this.#to[next]!;
      this.#from.splice(next, 1);
      this.#to.splice(next, 1);
    } else if (goesOn) this.#to[next - 1] = to;
    else if (closes) this.#from[next] = from;
    else {
      this.#from.splice(next, 0, from);
      this.#to.splice(next, 0, to);
    }
    return true;
  }

  /** Each run: its first offset, and the one behind its last. */
  *[Symbol.iterator](): Generator<[from: number, to: number]> {
    for (const [index, from] of this.#from.entries()) yield [from, this.#to[index]!];
  }

  /** Nearly all that comes belongs at the end. */
  #firstAtOrBehind(offset: number): number {
    let [low, high] = [0, this.#from.length];
    if (high > 0 && this.#from[high - 1]! < offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#from[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
