import type { Span } from './bucket-changes.ts';

/**
 * Splits of the manifest that are decoded together. Windows of time: the times that their records have and no others.
 * Windows of offsets: the offsets of which all records are in these splits or in those of windows before.
 */
export interface Window {
  number: number;
  firstSplit: number;
  /** One past the last. */
  endSplit: number;
  /** Windows of offsets: the splits by number, ascending, where the two above are places in the order of the windows. */
  splits?: readonly number[];
  /** Bytes of input. */
  bytes: number;
  /** Offsets, or ms since 1970 UTC, `to` exclusive; the first one has no beginning and the last one no end. */
  from: number;
  to: number;
}

/** What a plan knows of a window beside. */
export interface PlannedWindow extends Window {
  /** Files, one that is cut counted with each part. */
  files: number;
}

interface Group extends Span {
  firstSplit: number;
  bytes: number;
  files: number;
}

/**
 * Finds the windows of a manifest while its splits come, in their order: as many as there can be, so that no two share a
 * time. What comes later and reaches back takes all windows since then together. Memory: five numbers a window.
 */
export class WindowPlanner {
  readonly #groups: Group[] = [];
  #splits = 0;

  /** Takes the next split: `from` and `to` are the times that its files may have. */
  add({ from, to }: Span, bytes: number, files: number): void {
    const group: Group = { firstSplit: this.#splits, from, to, bytes, files };
    this.#splits += 1;
    for (let last = this.#groups.at(-1); last !== undefined && last.to > group.from; last = this.#groups.at(-1)) {
      this.#groups.pop();
      group.firstSplit = last.firstSplit;
      group.from = Math.min(group.from, last.from);
      group.to = Math.max(group.to, last.to);
      group.bytes += last.bytes;
      group.files += last.files;
    }
    this.#groups.push(group);
  }

  /** To be asked when all splits are there. A window goes on to where the next one begins. */
  windows(): PlannedWindow[] {
    return this.#groups.map(({ firstSplit, from, bytes, files }, number) => {
      const next = this.#groups[number + 1];
      return {
        number,
        firstSplit,
        endSplit: next?.firstSplit ?? this.#splits,
        bytes,
        files,
        from: number === 0 ? -Infinity : from,
        to: next?.from ?? Infinity,
      };
    });
  }
}
