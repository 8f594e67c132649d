import { memoryBytes, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { RunsCounts } from '../decode/split-decoder.ts';
import type { Split } from '../manifest/manifest.ts';
import type { Window } from './window-planner.ts';

/** Bytes that a file of a window takes while that is in memory: its name, here and among what its records come from. */
export const FILE_BYTES = 512;

/** A window that is being decoded, or is. */
export class HeldWindow {
  readonly window: Window;
  readonly splits: Split[];
  /** Splits that were begun. */
  begun = 0;
  readonly counts: (RunsCounts | undefined)[];
  readonly runs: SortedRun[][] = [];
  /** Bytes of its runs and of the names of its files. */
  bytes: number;
  /** The same, with what of the runs' memory is not in use. */
  memory: number;
  /** Ends its decoding. */
  readonly ending = new AbortController();
  failure: { error: unknown } | undefined;

  constructor(window: Window, splits: Split[]) {
    this.window = window;
    this.splits = splits;
    this.counts = splits.map(() => undefined);
    this.bytes = splits.reduce((sum, { files }) => sum + files.length, 0) * FILE_BYTES;
    this.memory = this.bytes;
  }

  get isWhole(): boolean {
    return this.failure === undefined && this.counts.every((each) => each !== undefined);
  }

  get isBegun(): boolean {
    return this.begun === this.splits.length;
  }

  take(index: number, run: SortedRun): void {
    this.runs[index]!.push(run);
    this.bytes += run.bytes;
    this.memory += memoryBytes(run);
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.ending.abort();
  }
}
