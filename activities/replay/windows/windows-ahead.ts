import type { SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { RunsCounts } from '../decode/split-decoder.ts';
import type { Split } from '../manifest/manifest.ts';
import { decodedWindow, type DecodedWindowRecords } from './decoded-window.ts';
import type { Window } from './window-planner.ts';
import type { WindowRoom } from './window-room.ts';
import { windowTooLarge } from './window-too-large.ts';

export interface WindowsAheadOptions {
  windows: readonly Window[];
  /** Number of the first one that is wanted. */
  first: number;
  room: Pick<WindowRoom, 'atOnce' | 'records'>;
  /** Bytes that the records of a byte of input take, about. */
  memoryPerByte: number;
  /** The splits of a window, as the manifest has them. */
  splitsOf: (window: Window, signal: AbortSignal) => Promise<Split[]>;
  /** Decodes one split; `run` is given its runs as they come. */
  decode: (work: SplitWork) => Promise<RunsCounts>;
}

export interface SplitWork {
  window: Window;
  /** Number in the manifest. */
  number: number;
  split: Split;
  /** Bytes that its records may take, and that they take about. */
  mostBytes: number;
  guess: number;
  signal: AbortSignal;
  run: (run: SortedRun) => void;
}

/** A window that is being decoded, or is. */
interface Held {
  window: Window;
  splits: Split[];
  /** Splits that were begun. */
  begun: number;
  counts: (RunsCounts | undefined)[];
  runs: SortedRun[][];
  /** Bytes of its runs. */
  bytes: number;
}

/**
 * Decodes windows one after the other, those to come while one is published, as far as there is room. The first window of
 * those that are held may have all of it: else nothing would ever go on.
 */
export class WindowsAhead {
  readonly #options: WindowsAheadOptions;
  readonly #ending = new AbortController();
  /** In the order of the windows; those that are behind are gone. */
  #held: Held[] = [];
  #nextWindow: number;
  #inHand = 0;
  /** What splits in hand will take beyond what they have given so far. */
  #expected = 0;
  #failure: { error: unknown } | undefined;
  #loading: Promise<void> | undefined;
  #changed: () => void = () => undefined;

  constructor(options: WindowsAheadOptions) {
    this.#options = options;
    this.#nextWindow = options.first;
  }

  /** The number of the first window that is held, or comes next. */
  get first(): number {
    return this.#held[0]?.window.number ?? this.#nextWindow;
  }

  /** The first of the windows that are held, when all of it is decoded. */
  async take(signal: AbortSignal): Promise<DecodedWindowRecords> {
    for (;;) {
      signal.throwIfAborted();
      this.#goOn();
      const first = this.#held[0];
      if (first !== undefined && isWhole(first))
        return decodedWindow(first.window, first.counts as RunsCounts[], first.runs);
      if (this.#failure !== undefined) throw this.#failure.error;
      await this.#change(signal);
    }
  }

  /** Whether all of a window is decoded. */
  isDecoded(number: number): boolean {
    const held = this.#held.find(({ window }) => window.number === number);
    return held !== undefined && isWhole(held);
  }

  /** Forgets the first window: it is published. */
  release(): void {
    this.#held.shift();
    this.#goOn();
  }

  /** Ends all decoding. */
  close(): void {
    this.#ending.abort();
    this.#held = [];
  }

  /** Begins what there is room for. */
  #goOn(): void {
    const { atOnce } = this.#options.room;
    while (this.#failure === undefined && !this.#ending.signal.aborted && this.#inHand < atOnce) {
      const held = this.#held.find(({ splits, begun }) => begun < splits.length);
      if (held === undefined) return this.#load();
      if (!this.#begin(held)) return;
    }
  }

  /** Begins the next split of a window; false where there is no room. */
  #begin(held: Held): boolean {
    const { room, memoryPerByte, decode } = this.#options;
    const index = held.begun;
    const split = held.splits[index]!;
    const guess = bytesOf(split) * memoryPerByte;
    const used = this.#held.reduce((sum, { bytes }) => sum + bytes, 0);
    const isFirst = held === this.#held[0];
    if (!isFirst && used + this.#expected + guess > room.records) return false;
    // Of the first window one at least goes on, whatever was expected.
    if (isFirst && this.#inHand > 0 && used + this.#expected + guess > room.records) return false;
    held.begun += 1;
    this.#inHand += 1;
    this.#expected += guess;
    const runs: SortedRun[] = (held.runs[index] = []);
    let open = guess;
    const run = (taken: SortedRun): void => {
      runs.push(taken);
      held.bytes += taken.bytes;
      const less = Math.min(open, taken.bytes);
      open -= less;
      this.#expected -= less;
      if (held === this.#held[0] && held.bytes > room.records)
        this.#fail(windowTooLarge(held.window.number, room.records));
    };
    const number = held.window.firstSplit + index;
    const mostBytes = room.records;
    decode({ window: held.window, number, split, mostBytes, guess, signal: this.#ending.signal, run })
      .then((counts) => void (held.counts[index] = counts))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#inHand -= 1;
        this.#expected -= open;
        this.#goOn();
        this.#changed();
      });
    return true;
  }

  /** Reads the splits of the next window, unless enough is held. */
  #load(): void {
    const window = this.#options.windows[this.#nextWindow];
    if (window === undefined || this.#loading !== undefined) return;
    const used = this.#held.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.#held.length > 0 && used + this.#expected >= this.#options.room.records) return;
    this.#loading = this.#options
      .splitsOf(window, this.#ending.signal)
      .then((splits) => {
        this.#nextWindow += 1;
        this.#held.push({ window, splits, begun: 0, counts: splits.map(() => undefined), runs: [], bytes: 0 });
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#loading = undefined;
        this.#goOn();
        this.#changed();
      });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#changed();
  }

  /** Until something is decoded, or failed. */
  async #change(signal: AbortSignal): Promise<void> {
    let aborted = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#changed = resolve;
        aborted = () => reject(signal.reason as Error);
        signal.addEventListener('abort', aborted, { once: true });
      });
    } finally {
      signal.removeEventListener('abort', aborted);
      this.#changed = () => undefined;
    }
  }
}

function isWhole({ counts }: Held): boolean {
  return counts.every((each) => each !== undefined);
}

function bytesOf({ files, range }: Split): number {
  return range === undefined ? files.reduce((sum, { length }) => sum + length, 0) : range.end - range.start;
}
