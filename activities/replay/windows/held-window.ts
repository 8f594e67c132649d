import { compareSortKeys, roundedTime, type SortKey } from '../../../formats/sorted/file/sort-key.ts';
import { keyAt, memoryBytes, memoryOfRuns, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { RunsCounts } from '../decode/split-decoder.ts';
import type { Split } from '../manifest/manifest.ts';
import type { Window } from './window-planner.ts';

/** Bytes that a file of a window takes while that is in memory: its name, here and among what its records come from. */
export const FILE_BYTES = 512;

/** Runs of a window that are out and not in memory any more. */
export interface RunsOut {
  /** In all of them. */
  records: number;
  /** Key of the last of these. */
  last: SortKey;
}

/** A run of a whole window. */
interface EndingRun {
  /** Of its split, in the window. */
  index: number;
  run: SortedRun;
  first: SortKey;
  last: SortKey;
}

/** Bytes of runs that end in the later half of the time of all. */
function lateBytes(runs: readonly EndingRun[]): number {
  const timeOf = ({ timeHi, timeLo }: SortKey): number => roundedTime(timeHi, timeLo);
  const from = runs.reduce((least, { first }) => Math.min(least, timeOf(first)), Infinity);
  const to = runs.reduce((most, { last }) => Math.max(most, timeOf(last)), -Infinity);
  const late = runs.filter(({ last }) => timeOf(last) - from >= (to - from) / 2);
  return memoryOfRuns(late.map(({ run }) => run));
}

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
  /** The same, with that of runs that are out. */
  whole: number;
  /** What of it is out and gone; undefined where all of it is held. */
  out: RunsOut | undefined;
  /** Of a window that is whole: those that are held, the first to end last. */
  #endings: EndingRun[] | undefined;
  #late: number | undefined;
  /** Ends its decoding. */
  readonly ending = new AbortController();
  failure: { error: unknown } | undefined;

  constructor(window: Window, splits: Split[]) {
    this.window = window;
    this.splits = splits;
    this.counts = splits.map(() => undefined);
    this.bytes = splits.reduce((sum, { files }) => sum + files.length, 0) * FILE_BYTES;
    this.memory = this.whole = this.bytes;
  }

  get isWhole(): boolean {
    return this.failure === undefined && this.counts.every((each) => each !== undefined);
  }

  get isBegun(): boolean {
    return this.begun === this.splits.length;
  }

  take(index: number, run: SortedRun): void {
    this.runs[index]!.push(run);
    const memory = memoryBytes(run);
    this.bytes += run.bytes;
    this.memory += memory;
    this.whole += memory;
  }

  /** Lets go of the runs of a whole window that end before a key, up to which all is out, and gives them. */
  letGo(key: SortKey): SortedRun[] {
    if (!this.isWhole) return [];
    const endings = (this.#endings ??= this.#runsByEnd());
    const gone: SortedRun[] = [];
    for (let next = endings.at(-1); next !== undefined && compareSortKeys(next.last, key) < 0; next = endings.at(-1)) {
      const { index, run, last } = next;
      endings.pop();
      this.runs[index] = this.runs[index]!.filter((each) => each !== run);
      this.bytes -= run.bytes;
      this.memory -= memoryBytes(run);
      this.out = { records: (this.out?.records ?? 0) + run.count, last };
      gone.push(run);
    }
    return gone;
  }

  /**
   * Bytes of what is still held when about half of a whole window is out; 0 of one that is not whole. One of offsets is held
   * to its end.
   */
  get late(): number {
    if (!this.isWhole) return 0;
    if (this.window.splits !== undefined) return this.whole;
    return (this.#late ??= lateBytes((this.#endings ??= this.#runsByEnd())));
  }

  #runsByEnd(): EndingRun[] {
    return this.runs
      .flatMap((runs, index) =>
        runs.flatMap((run) =>
          run.count === 0 ? [] : [{ index, run, first: keyAt(run, 0), last: keyAt(run, run.count - 1) }],
        ),
      )
      .sort((a, b) => compareSortKeys(b.last, a.last));
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.ending.abort();
  }
}
