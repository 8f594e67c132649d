import type { ManifestFile, Split } from '../manifest/manifest.ts';
import { SplitPlanner } from '../manifest/plan-splits.ts';
import type { WindowPlanner } from './window-planner.ts';

/** Splits are so much smaller than others: a window has several of them, and the first record comes soon. */
const SMALLER = 8;
const SMALLEST = 1024 * 1024;
const SPLITS_OF_A_WINDOW = 4;

/**
 * Splits of an archive whose records are sorted by the place of their files alone: in the manifest each comes behind all
 * records of those before, so any few of them are a window. Spans are numbers of windows.
 */
export class PlaceSplits {
  readonly #planner: SplitPlanner;
  readonly #windows: WindowPlanner;
  #splits = 0;

  constructor(splitBytes: number, windows: WindowPlanner) {
    this.#planner = new SplitPlanner(Math.min(splitBytes, Math.max(SMALLEST, Math.ceil(splitBytes / SMALLER))));
    this.#windows = windows;
  }

  /** Bytes of a split from here on. */
  bytesFor(path: string): number {
    return this.#planner.bytesFor(path);
  }

  /** As that of `SplitPlanner`; tells the planner of windows of each split before it yields it. */
  *add(file: ManifestFile, cuttable: boolean): Generator<Split> {
    for (const split of this.#planner.add(file, cuttable)) yield this.#told(split);
  }

  *end(): Generator<Split> {
    for (const split of this.#planner.end()) yield this.#told(split);
  }

  #told(split: Split): Split {
    const { files, range } = split;
    const bytes = range === undefined ? files.reduce((sum, { length }) => sum + length, 0) : range.end - range.start;
    const from = Math.floor(this.#splits / SPLITS_OF_A_WINDOW);
    this.#splits += 1;
    this.#windows.add({ from, to: from + 1 }, bytes, files.length);
    return split;
  }
}
