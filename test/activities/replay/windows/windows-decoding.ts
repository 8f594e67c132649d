import type { RunsCounts } from '../../../../activities/replay/decode/split-decoder.ts';
import type { Split } from '../../../../activities/replay/manifest/manifest.ts';
import type { Window } from '../../../../activities/replay/windows/window-planner.ts';
import { WindowsAhead, type SplitWork } from '../../../../activities/replay/windows/windows-ahead.ts';
import { windowTooLarge } from '../../../../activities/replay/windows/window-too-large.ts';
import type { SortKey } from '../../../../formats/sorted/file/sort-key.ts';
import type { SortedRun } from '../../../../formats/sorted/sort/sorted-run.ts';

export const SIGNAL: AbortSignal = new AbortController().signal;
const COUNTS = { kept: 1, files: [], partitionRecords: [1] } as unknown as RunsCounts;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A run of no records that takes so many bytes. */
export function runOf(bytes: number): SortedRun {
  const [none, noTimes] = [new Uint32Array(0), new Int32Array(0)];
  const columns = {
    timeHi: noTimes,
    timeLo: none,
    sequence: none,
    file: none,
    partition: none,
    ends: none,
    order: none,
  };
  return { split: 0, count: 0, bodies: new Uint8Array(bytes), ...columns, bytes, largestBody: 0 };
}

/** A run of two records, at two times; it takes so many bytes beside those of the columns. */
export function runAt(bytes: number, first: number, last: number): SortedRun {
  const columns = {
    timeHi: new Int32Array(2),
    timeLo: Uint32Array.of(first, last),
    sequence: Uint32Array.of(0, 1),
    file: new Uint32Array(2),
    partition: new Uint32Array(2),
    ends: new Uint32Array(2),
    order: Uint32Array.of(0, 1),
  };
  return { split: 0, count: 2, bodies: new Uint8Array(bytes), ...columns, bytes, largestBody: 0 };
}

export const keyOf = (time: number, sequence = 0): SortKey => ({ timeHi: 0, timeLo: time, split: 0, sequence });

/** Splits of 10 bytes each, in windows of so many; whoever tests ends the decoding of each. */
export class Decoding {
  readonly ahead: WindowsAhead;
  /** Bytes of windows that are behind. */
  carried = 0;
  readonly inHand: { work: SplitWork; end: (bytes?: number) => void; fail: (error: Error) => void }[] = [];

  constructor(
    splits: number[],
    { atOnce = 2, records = 100, first = 0, carried = 0, memoryPerByte = 1, ofOffsets = false } = {},
  ) {
    this.carried = carried;
    const free = (): number => records - this.carried;
    let at = 0;
    const windows = splits.map((count, number): Window => {
      const firstSplit = at;
      at += count;
      const window = { number, firstSplit, endSplit: at, bytes: count * 10, from: number, to: number + 1 };
      return ofOffsets ? { ...window, splits: [number] } : window;
    });
    this.ahead = new WindowsAhead({
      windows,
      first,
      room: {
        atOnce,
        all: records,
        get records() {
          return free();
        },
      },
      memoryPerByte,
      splitsOf: async ({ firstSplit, endSplit }) =>
        Array.from({ length: endSplit - firstSplit }, (): Split => ({
          files: [],
          range: { start: 0, end: 10 },
        })),
      decode: (work) =>
        new Promise((resolve, reject) => {
          const end = (bytes = 10): void => {
            if (bytes > work.mostBytes) return reject(windowTooLarge(work.window.number, work.mostBytes));
            work.run(runOf(bytes));
            resolve(COUNTS);
          };
          this.inHand.push({ work, end, fail: reject });
        }),
    });
  }

  get numbers(): number[] {
    return this.inHand.map(({ work }) => work.number);
  }

  async end(number: number, bytes?: number): Promise<void> {
    this.#out(number).end(bytes);
    await turns();
  }

  async endWith(number: number, run: SortedRun): Promise<void> {
    this.work(number).run(run);
    this.#out(number).end(0);
    await turns();
  }

  async fail(number: number): Promise<void> {
    this.#out(number).fail(new Error(`split ${number} is broken`));
    await turns();
  }

  work(number: number): SplitWork {
    return this.inHand.find(({ work }) => work.number === number)!.work;
  }

  /** Bytes of a split that goes on. */
  give(number: number, bytes: number): void {
    this.work(number).run(runOf(bytes));
  }

  #out(number: number): Decoding['inHand'][number] {
    const index = this.inHand.findIndex(({ work }) => work.number === number);
    return this.inHand.splice(index, 1)[0]!;
  }
}

export async function turns(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await turn();
}

/** Asks for the first window; a failure waits for whoever awaits it. */
export function begun(decoding: Decoding): Promise<number> {
  const taken = decoding.ahead.take(SIGNAL).then(({ window }) => window.number);
  taken.catch(() => undefined);
  return taken;
}
