/** Offsets `from` to `to`, exclusive. */
export interface OffsetRange {
  from: bigint;
  to: bigint;
}

/** The offsets of a partition that files have between them. What it holds grows with the holes, not with the files. */
export class OffsetRanges {
  /** Ascending, apart from one another. */
  readonly #ranges: OffsetRange[] = [];

  add(from: bigint, to: bigint): void {
    if (to <= from) return;
    const begin = this.#firstThat((range) => range.to >= from);
    const end = this.#firstThat((range) => range.from > to);
    const merged = { from, to };
    for (const range of this.#ranges.slice(begin, end)) {
      if (range.from < merged.from) merged.from = range.from;
      if (range.to > merged.to) merged.to = range.to;
    }
    this.#ranges.splice(begin, end - begin, merged);
  }

  get first(): bigint | undefined {
    return this.#ranges[0]?.from;
  }

  /** One past the last. */
  get next(): bigint | undefined {
    return this.#ranges.at(-1)?.to;
  }

  /** What lies between them, and behind the last of them up to `end`. */
  holes(end = this.next ?? 0n): OffsetRange[] {
    const holes = this.#ranges.flatMap(({ to }, index) => {
      const next = this.#ranges[index + 1]?.from ?? end;
      return next > to ? [{ from: to, to: next }] : [];
    });
    return holes;
  }

  /** Ranges are in order, so what holds of one holds of all behind it. */
  #firstThat(holds: (range: OffsetRange) => boolean): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#ranges[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** `offset 7`, `offsets 7 to 9`. */
export function rangeText({ from, to }: OffsetRange): string {
  return to - from === 1n ? `offset ${from}` : `offsets ${from} to ${to - 1n}`;
}
