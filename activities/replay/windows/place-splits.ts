import type { Split } from '../manifest/manifest.ts';
import { splitBytes } from '../manifest/split-bytes.ts';
import { ToldSplits } from './told-splits.ts';
import type { WindowPlanner } from './window-planner.ts';

/** Splits are so much smaller than others: a window has several of them, and the first record comes soon. */
const SMALLER = 8;
const SMALLEST = 1024 * 1024;
const SPLITS_OF_A_WINDOW = 4;

/**
 * Splits of an archive whose records are sorted by the place of their files alone: in the manifest each comes behind all
 * records of those before, so any few of them are a window. Spans are numbers of windows.
 */
export class PlaceSplits extends ToldSplits {
  readonly #windows: WindowPlanner;
  #splits = 0;

  constructor(bytes: number, windows: WindowPlanner) {
    super(Math.min(bytes, Math.max(SMALLEST, Math.ceil(bytes / SMALLER))));
    this.#windows = windows;
  }

  protected note(split: Split): void {
    const from = Math.floor(this.#splits / SPLITS_OF_A_WINDOW);
    this.#splits += 1;
    this.#windows.add({ from, to: from + 1 }, splitBytes(split), split.files.length);
  }
}
