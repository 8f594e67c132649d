import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import type { SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { RunsCounts } from '../decode/split-decoder.ts';
import type { Split } from '../manifest/manifest.ts';
import { splitBytes } from '../manifest/split-bytes.ts';
import { decodedWindow, type DecodedWindowRecords } from './decoded-window.ts';
import { HeldWindow, type RunsOut } from './held-window.ts';
import type { Window } from './window-planner.ts';
import { runSize } from './run-size.ts';
import { SpareRuns } from './spare-runs.ts';
import { SplitInHand } from './split-in-hand.ts';
import type { WindowRoom } from './window-room.ts';
import { windowTooLarge } from './window-too-large.ts';

export interface WindowsAheadOptions {
  windows: readonly Window[];
  /** Number of the first one that is wanted. */
  first: number;
  room: Pick<WindowRoom, 'atOnce' | 'records'> & {
    /** Bytes that records may ever take, where `records` is what others leave of that for now. @default `records` */
    all?: number;
  };
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
  /** Bytes that its records may take. */
  mostBytes: number;
  /** Bytes of each of its runs. */
  bufferBytes: number;
  signal: AbortSignal;
  run: (run: SortedRun) => void;
  /** Memory for its first runs, what gives more when a run has come, and where what is left of it goes. */
  spare: SortedRun[];
  more: () => SortedRun | undefined;
  spared: (runs: SortedRun[]) => void;
}

/** Splits differ: so much more than one that took more than was expected. */
const MARGIN = 1.1;
/**
 * Runs whose memory a split begins with; there is more for each that it gives. Where all of it went there at once, buffers came
 * and went by tens of MiB, for which V8 marked the whole heap three times a second; of fewer, none was at hand when both cores
 * were busy, and one in five was allocated.
 */
const RUNS_AT_HAND = 4;
/** Bytes that are decoded behind the first window, for each split that is decoded at once: with more, nobody waits less. */
export const AHEAD_BYTES = 12 * 1024 * 1024;

/**
 * Decodes windows one after the other, those to come while one is published, as far as there is room. The first window of
 * those that are held may have all of it: else nothing would ever go on. Where they turn out larger than was expected, the
 * last ones are let go, and decoded once more when nothing comes before them.
 */
export class WindowsAhead {
  readonly #options: WindowsAheadOptions;
  readonly #ending = new AbortController();
  /** In the order of the windows; those that are behind are gone. */
  #held: HeldWindow[] = [];
  #nextWindow: number;
  /** A window that took more room than there was beside others: it is decoded when none comes before it. */
  #alone: number | undefined;
  readonly #spare = new SpareRuns();
  readonly #inHand = new Set<SplitInHand>();
  /** What the last split that was begun is expected to take: by so much there may be more than enough. */
  #lastGuess = 0;
  /** The most that there was to be at a time so far. */
  #most = 0;
  /** Bytes of records for each byte of input: what was expected, or the last split took if that was more. */
  #memoryPerByte: number;
  /** Why the splits of the next window can't be read. */
  #failure: { error: unknown } | undefined;
  #loading: Promise<void> | undefined;
  #changed: () => void = () => undefined;

  constructor(options: WindowsAheadOptions) {
    this.#options = options;
    this.#nextWindow = options.first;
    this.#memoryPerByte = options.memoryPerByte;
  }

  /** The number of the first window that is held, or comes next. */
  get first(): number {
    return this.#held[0]?.window.number ?? this.#nextWindow;
  }

  /** The first of the windows that are held, when all of it is decoded; throws what failed of it. */
  async take(signal: AbortSignal): Promise<DecodedWindowRecords> {
    for (;;) {
      signal.throwIfAborted();
      this.#goOn();
      const first = this.#held[0];
      if (first?.isWhole === true)
        return decodedWindow(first.window, first.counts as RunsCounts[], first.runs, first.out?.records);
      const failure = first === undefined ? this.#failure : first.failure;
      if (failure !== undefined) throw failure.error;
      await this.#change(signal);
    }
  }

  /** What of the first window is out and not held any more; undefined where it is whole. */
  get out(): RunsOut | undefined {
    return this.#held[0]?.out;
  }

  /** Lets go of what ends before a key in the first window, which is being published: all is out up to there. */
  letGo(key: SortKey): void {
    const gone = this.#held[0]?.letGo(key) ?? [];
    if (gone.length === 0) return;
    this.#spare.add(gone);
    this.#goOn();
    this.#trim();
  }

  /** Whether all of a window is decoded. */
  isDecoded(number: number): boolean {
    return this.#held.some((held) => held.window.number === number && held.isWhole);
  }

  /** Forgets the first window: it is published. `out`: runs whose memory nobody uses any more. @default all of its runs */
  release(out?: readonly SortedRun[]): void {
    const first = this.#held.shift();
    this.#spare.add(out ?? first?.runs.flat() ?? []);
    this.#goOn();
    this.#trim();
  }

  /** Forgets all windows before one: they were published, to the last record of each. */
  releaseBefore(number: number): void {
    while (this.#held[0]?.isWhole === true && this.first < number) this.release();
  }

  /** Ends all decoding. */
  close(): void {
    this.#ending.abort();
    for (const { ending } of this.#held) ending.abort();
    this.#held = [];
  }

  /** Bytes of memory that are taken, in use or not. */
  get #used(): number {
    return this.#held.reduce((sum, { memory }) => sum + memory, 0);
  }

  /** What splits in hand will take beyond what they have given so far. */
  get #expected(): number {
    return [...this.#inHand].reduce((sum, { expected }) => sum + expected, 0);
  }

  /** Memory that splits in hand were given for their runs, and have not given back. */
  get #lent(): number {
    return [...this.#inHand].reduce((sum, { lent }) => sum + lent, 0);
  }

  /** Begins what there is room for; nothing behind a window that failed. */
  #goOn(): void {
    const { atOnce } = this.#options.room;
    while (!this.#ending.signal.aborted && this.#inHand.size < atOnce) {
      const held = this.#held.find((each) => each.failure !== undefined || !each.isBegun);
      if (held === undefined) return this.#load();
      if (held.failure !== undefined || !this.#begin(held)) return;
    }
  }

  /** Begins the next split of a window; false where there is no room. */
  #begin(held: HeldWindow): boolean {
    const { room, decode } = this.#options;
    const index = held.begun;
    const split = held.splits[index]!;
    const bytes = splitBytes(split);
    const guess = bytes * this.#memoryPerByte;
    const isFirst = held === this.#held[0];
    // Of the first window one at least goes on, whatever was expected.
    if (!(isFirst && this.#inHand.size === 0) && this.#used + this.#expected + guess > room.records) return false;
    if (!isFirst && this.#used + this.#expected >= this.#enough) return false;
    const bufferBytes = runSize(guess);
    const inHand = new SplitInHand((this.#lastGuess = guess));
    const spare = inHand.lend(this.#spare.take(bufferBytes, Math.min(guess, RUNS_AT_HAND * bufferBytes)));
    held.begun += 1;
    this.#inHand.add(inHand);
    this.#trim();
    held.runs[index] = [];
    const { signal } = held.ending;
    const run = (taken: SortedRun): void => {
      if (signal.aborted) return;
      inHand.give(taken);
      held.take(index, taken);
      this.#learn(inHand.given, bytes, false);
      this.#makeRoom();
    };
    const number = held.window.firstSplit + index;
    // What is taken now may be free when the window comes; up to there `#makeRoom` lets go of it.
    const mostBytes = room.all ?? room.records;
    const more = (): SortedRun | undefined =>
      signal.aborted ? undefined : inHand.lend(this.#spare.take(bufferBytes, 1))[0];
    const spared = (runs: SortedRun[]): void => {
      inHand.giveBack(runs);
      this.#spare.add(runs);
    };
    decode({ window: held.window, number, split, mostBytes, bufferBytes, signal, run, spare, more, spared })
      .then((counts) => {
        held.counts[index] = counts;
        this.#learn(inHand.given, bytes, true);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) held.fail(error);
      })
      .finally(() => {
        this.#inHand.delete(inHand);
        this.#goOn();
        this.#changed();
      });
    return true;
  }

  /**
   * Bytes that are taken where windows behind the first have enough for now. What of the first is out makes room for them; where
   * its runs end together, at its end, half as much as it takes.
   */
  get #enough(): number {
    const least = AHEAD_BYTES * this.#options.room.atOnce;
    const first = this.#held[0];
    return first === undefined ? least : first.whole + Math.max(first.late - first.whole / 2, least);
  }

  /** What is spare takes no room from what is decoded, and is no more than what is decoded ahead will take. */
  #trim(): void {
    const fitting = this.#options.room.records - this.#used - this.#expected;
    this.#most = Math.max(this.#most, this.#enough + this.#lastGuess);
    this.#spare.shrink(Math.min(fitting, this.#most - this.#used - this.#lent));
  }

  /** A guess that was too low is not made again; one split more that takes less makes good for one that took more. */
  #learn(given: number, bytes: number, whole: boolean): void {
    const expected = whole ? this.#options.memoryPerByte : this.#memoryPerByte;
    const measured = bytes === 0 ? 0 : given / bytes;
    this.#memoryPerByte = measured > expected ? measured * MARGIN : expected;
  }

  /** Lets go of windows, the last ones first, where there is more than fits; the first window has all the room there is. */
  #makeRoom(): void {
    const { records } = this.#options.room;
    while (this.#held.length > 1 && this.#used > records) {
      const { window, ending } = this.#held.pop()!;
      ending.abort();
      this.#nextWindow = this.#alone = window.number;
    }
    const first = this.#held[0];
    if (first === undefined || first.bytes <= records) return;
    first.fail(windowTooLarge(first.window.number, records));
    this.#changed();
  }

  /** Reads the splits of the next window, unless enough is held. */
  #load(): void {
    const window = this.#options.windows[this.#nextWindow];
    if (window === undefined || this.#loading !== undefined || this.#failure !== undefined) return;
    const isFull = window.number === this.#alone || this.#used + this.#expected >= this.#options.room.records;
    if (this.#held.length > 0 && isFull) return;
    this.#loading = this.#options
      .splitsOf(window, this.#ending.signal)
      .then((splits) => {
        // Windows before it may have been let go meanwhile: they come first.
        if (window.number !== this.#nextWindow) return;
        this.#nextWindow += 1;
        this.#held.push(new HeldWindow(window, splits));
        this.#makeRoom();
      })
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => {
        this.#loading = undefined;
        this.#goOn();
        this.#changed();
      });
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
