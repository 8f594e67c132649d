import { ApplicationFailure } from '@temporalio/common';
import type { CatalogueSummary, StagedWindow } from '../../activities/replay/steps.ts';

/** How much there is to do for what is sorted in staging: a window, or a job as a whole. */
export interface SortedPart extends StagedWindow {
  /** Merge passes of each level; none: all fits into one merge. */
  passes: readonly number[];
  /** Slices that publishing takes. */
  slices: number;
}

/**
 * Stands in for staging: answers what a step of a part would, and refuses a step that is asked for twice, or before its turn.
 */
export class SortedInTurn {
  readonly part: SortedPart;
  readonly #sorted = new Set<number>();
  #level = -1;
  #merged = 0;
  #slices = 0;

  constructor(part: SortedPart) {
    this.part = part;
  }

  get isOut(): boolean {
    return this.#slices === this.part.slices;
  }

  sort(split: number): void {
    const { firstSplit, endSplit } = this.part;
    this.#expect(split >= firstSplit && split < endSplit, `split ${split} is of another part`);
    this.#expect(!this.#sorted.has(split), `split ${split} is sorted twice`);
    this.#sorted.add(split);
  }

  catalogue(level: number): CatalogueSummary {
    const { firstSplit, endSplit } = this.part;
    this.#expect(this.#sorted.size === endSplit - firstSplit, `only ${this.#sorted.size} splits are sorted`);
    this.#expect(level === this.#level + 1, `level ${level} is catalogued behind level ${this.#level}`);
    this.#expectMerged();
    this.#level = level;
    this.#merged = 0;
    const summary = { records: '1000', sections: 1, overlap: 1, firstTime: '0', lastTime: '1', largestRecord: 1 };
    return { ...summary, passes: this.#passes };
  }

  merge(level: number, pass: number): void {
    this.#expect(level === this.#level, `level ${level} is merged at level ${this.#level}`);
    this.#expect(pass === this.#merged, `pass ${pass} is merged behind ${this.#merged} others`);
    this.#merged += 1;
  }

  /** Whether that was the last slice. */
  publish(level: number): boolean {
    this.#expect(level === this.#level, `level ${level} is published at level ${this.#level}`);
    this.#expectMerged();
    this.#expect(!this.isOut, 'it is published twice');
    this.#slices += 1;
    return this.isOut;
  }

  get #passes(): number {
    return this.part.passes[this.#level] ?? 0;
  }

  #expectMerged(): void {
    this.#expect(this.#merged === this.#passes, `of ${this.#passes} passes ${this.#merged} are merged`);
  }

  #expect(holds: boolean, otherwise: string): void {
    if (holds) return;
    const { number, firstSplit, endSplit } = this.part;
    throw ApplicationFailure.nonRetryable(`part ${number}, splits ${firstSplit} to ${endSplit}: ${otherwise}`);
  }
}
