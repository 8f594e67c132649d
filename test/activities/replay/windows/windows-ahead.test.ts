// Windows come in their order whatever is decoded first, no more of them than there is room for, and one at least.
import { describe, expect, it } from 'vitest';
import type { RunsCounts } from '../../../../activities/replay/decode/split-decoder.ts';
import type { Split } from '../../../../activities/replay/manifest/manifest.ts';
import type { Window } from '../../../../activities/replay/windows/window-planner.ts';
import { AHEAD_BYTES, WindowsAhead, type SplitWork } from '../../../../activities/replay/windows/windows-ahead.ts';
import { LARGEST_RUN } from '../../../../activities/replay/windows/run-size.ts';
import { windowTooLarge } from '../../../../activities/replay/windows/window-too-large.ts';
import type { SortedRun } from '../../../../formats/sorted/sort/sorted-run.ts';

const SIGNAL = new AbortController().signal;
const COUNTS = { kept: 1, files: [], partitionRecords: [1] } as unknown as RunsCounts;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A run of no records that takes so many bytes. */
function runOf(bytes: number): SortedRun {
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

/** Splits of 10 bytes each, in windows of so many; whoever tests ends the decoding of each. */
class Decoding {
  readonly ahead: WindowsAhead;
  /** Bytes of windows that are behind. */
  carried = 0;
  readonly inHand: { work: SplitWork; end: (bytes?: number) => void; fail: (error: Error) => void }[] = [];

  constructor(splits: number[], { atOnce = 2, records = 100, first = 0, carried = 0, memoryPerByte = 1 } = {}) {
    this.carried = carried;
    const free = (): number => records - this.carried;
    let at = 0;
    const windows = splits.map((count, number): Window => {
      const firstSplit = at;
      at += count;
      return { number, firstSplit, endSplit: at, bytes: count * 10, from: number, to: number + 1 };
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

async function turns(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await turn();
}

/** Asks for the first window; a failure waits for whoever awaits it. */
function begun(decoding: Decoding): Promise<number> {
  const taken = decoding.ahead.take(SIGNAL).then(({ window }) => window.number);
  taken.catch(() => undefined);
  return taken;
}

describe('windows that are decoded ahead', () => {
  it('come in their order, whichever split is decoded first', async () => {
    const decoding = new Decoding([1, 1, 1], { atOnce: 3 });
    const taken = begun(decoding);
    await turn();
    await turn();
    await turn();
    expect(decoding.numbers).toEqual([0, 1, 2]);
    await decoding.end(2);
    await decoding.end(1);
    await decoding.end(0);
    expect(await taken).toBe(0);
    decoding.ahead.release();
    expect(decoding.ahead.isDecoded(1)).toBe(true);
    expect((await decoding.ahead.take(SIGNAL)).window.number).toBe(1);
  });

  it('are no more than there is room for, until one is out', async () => {
    const decoding = new Decoding([4, 4, 4], { atOnce: 8, records: 60 });
    const taken = begun(decoding);
    for (let turns = 0; turns < 4; turns += 1) await turn();
    expect(decoding.numbers).toEqual([0, 1, 2, 3, 4, 5]);
    for (const number of [0, 1, 2, 3]) await decoding.end(number);
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([4, 5]);
    decoding.ahead.release();
    await turn();
    expect(decoding.numbers).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('go on where one alone is expected to take more than all room, and end where it does', async () => {
    const decoding = new Decoding([4], { atOnce: 8, records: 25 });
    const taken = begun(decoding);
    for (let turns = 0; turns < 4; turns += 1) await turn();
    expect(decoding.numbers).toEqual([0, 1]);
    await decoding.end(0, 5);
    await decoding.end(1, 5);
    expect(decoding.numbers).toEqual([2]);
    await decoding.end(2, 50);
    await expect(taken).rejects.toMatchObject({ code: 'window-too-large' });
  });

  it('begin at any window, and tell what failed to whoever takes the next one', async () => {
    const decoding = new Decoding([2, 2, 2], { first: 1, atOnce: 1 });
    const taken = begun(decoding);
    for (let turns = 0; turns < 4; turns += 1) await turn();
    expect(decoding.numbers).toEqual([2]);
    decoding.inHand[0]!.fail(new Error('a broken file'));
    await expect(taken).rejects.toThrow('a broken file');
    await expect(decoding.ahead.take(SIGNAL)).rejects.toThrow('a broken file');
  });

  it('come up to the one that failed, though that was in hand before they were decoded', async () => {
    const decoding = new Decoding([2, 1, 1], { atOnce: 3 });
    const taken = begun(decoding);
    await turns();
    expect(decoding.numbers).toEqual([0, 1, 2]);
    await decoding.fail(2);
    await decoding.end(0);
    await decoding.end(1);
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.release();
    await expect(decoding.ahead.take(SIGNAL)).rejects.toThrow('split 2 is broken');
  });
});

describe('the memory of windows', () => {
  /** The smallest run, and what a split of 10 bytes is expected to give. */
  const RUN = 64 * 1024;
  const memoryPerByte = RUN / 10;

  it('serves those to come when they are out, and not before', async () => {
    const decoding = new Decoding([1, 1, 1, 1], { atOnce: 1, records: 3 * RUN, memoryPerByte });
    const runs = [runOf(RUN), runOf(RUN), runOf(RUN - 100)];
    const taken = begun(decoding);
    await turns();
    for (const [number, run] of runs.entries()) {
      expect(decoding.work(number).spare).toEqual([]);
      await decoding.endWith(number, run);
    }
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.release();
    await turns();
    expect(decoding.work(3).spare).toEqual([runs[0]]);
  });

  it('is kept by what is not out, and comes back from a split that needs less', async () => {
    const decoding = new Decoding([1, 1, 1, 1], { atOnce: 1, records: 2 * RUN + 10, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    await decoding.endWith(0, runOf(RUN));
    await decoding.endWith(1, runOf(RUN));
    await taken;
    decoding.ahead.release([]);
    await turns();
    expect(decoding.work(2).spare).toEqual([]);
    const left = runOf(RUN);
    decoding.work(2).spared([left]);
    decoding.ahead.release([]);
    await decoding.endWith(2, runOf(0));
    expect(decoding.work(3).spare).toEqual([left]);
  });

  it('is no more than there is room for', async () => {
    const decoding = new Decoding([1, 1, 1, 1, 1], { atOnce: 1, records: 3 * RUN, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    await decoding.endWith(0, runOf(RUN));
    await taken;
    decoding.ahead.release(Array.from({ length: 9 }, () => runOf(RUN)));
    // A run of window 1 is expected: two of those that are out have room beside it, and are all that windows to come get.
    const given: number[] = [];
    for (const number of [1, 2, 3]) {
      await decoding.endWith(number, runOf(RUN));
      await decoding.ahead.take(SIGNAL);
      decoding.ahead.release([]);
      await turns();
      given.push(decoding.work(number + 1).spare.length);
    }
    expect(given).toEqual([1, 1, 0]);
  });

  it('that is not in use is no reason to take a window for too large', async () => {
    const decoding = new Decoding([2, 1], { atOnce: 1, records: RUN, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    for (const number of [0, 1]) await decoding.endWith(number, { ...runOf(RUN), bytes: RUN / 2 });
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([]);
  });
});

describe('what is decoded behind the first window', () => {
  const memoryPerByte = AHEAD_BYTES / 10;
  const begin = async (first: number): Promise<Decoding> => {
    const decoding = new Decoding([1, 1, 1, 1, 1, 1], { atOnce: 1, records: 20 * AHEAD_BYTES, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    await decoding.end(0, first);
    expect(await taken).toBe(0);
    return decoding;
  };

  it('is no more than threads need, however much room there is', async () => {
    const decoding = await begin(AHEAD_BYTES / 2);
    await decoding.end(1, AHEAD_BYTES - 1);
    expect(decoding.numbers).toEqual([2]);
    await decoding.end(2, 1);
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.release();
    await turns();
    expect(decoding.numbers).toEqual([3]);
  });

  it('counts with what splits in hand are expected to take', async () => {
    const decoding = new Decoding([1, 1, 1, 1, 1], { atOnce: 2, records: 20 * AHEAD_BYTES, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    await decoding.end(0, AHEAD_BYTES / 2);
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([1, 2]);
    await decoding.end(1, AHEAD_BYTES);
    expect(decoding.numbers).toEqual([2]);
    decoding.ahead.release();
    await turns();
    expect(decoding.numbers).toEqual([2, 3]);
  });

  it('is half as much as the first one takes, if that is more', async () => {
    const decoding = await begin(4 * AHEAD_BYTES);
    await decoding.end(1, AHEAD_BYTES);
    expect(decoding.numbers).toEqual([2]);
    await decoding.end(2, AHEAD_BYTES);
    expect(decoding.numbers).toEqual([]);
  });

  it('keeps no more memory to be used again than it will take itself', async () => {
    const decoding = await begin(AHEAD_BYTES / 2);
    await decoding.end(1, AHEAD_BYTES);
    const enough = AHEAD_BYTES / LARGEST_RUN;
    decoding.ahead.release(Array.from({ length: 3 * enough }, () => runOf(LARGEST_RUN)));
    const given: number[] = [];
    for (const number of [2, 3, 4]) {
      await turns();
      given.push(decoding.work(number).spare.length);
      await decoding.end(number, AHEAD_BYTES);
      decoding.ahead.release([]);
    }
    expect(given).toEqual([enough, enough, 0]);
  });
});

describe('windows that are out', () => {
  it('are forgotten together where a slice ended with the last record of one', async () => {
    const decoding = new Decoding([1, 1, 1], { atOnce: 3 });
    const taken = begun(decoding);
    await turns();
    for (const number of [0, 1]) await decoding.end(number);
    await taken;
    decoding.ahead.releaseBefore(1);
    expect(decoding.ahead.first).toBe(1);
    expect(decoding.numbers).toEqual([2]);
    expect(decoding.work(2).signal.aborted).toBe(false);
    // Window 2 is not decoded: it can't have been published by this worker.
    decoding.ahead.releaseBefore(3);
    expect(decoding.ahead.first).toBe(2);
  });
});

describe('windows that turn out larger than was expected', () => {
  it('are let go, the last ones first, and decoded again when nothing comes before them', async () => {
    const decoding = new Decoding([1, 1, 1], { atOnce: 3, records: 60 });
    const taken = begun(decoding);
    await turns();
    expect(decoding.numbers).toEqual([0, 1, 2]);
    await decoding.end(0, 20);
    expect(await taken).toBe(0);
    decoding.give(1, 30);
    expect(decoding.work(2).signal.aborted).toBe(false);
    decoding.give(2, 20);
    expect([1, 2].map((number) => decoding.work(number).signal.aborted)).toEqual([false, true]);
    decoding.give(2, 1_000); // what was on its way
    await decoding.fail(2);
    await decoding.end(1, 1);
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.release();
    expect((await decoding.ahead.take(SIGNAL)).window.number).toBe(1);
    await turns();
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.release();
    await turns();
    expect(decoding.numbers).toEqual([2]);
    const last = begun(decoding);
    await decoding.end(2, 60);
    expect(await last).toBe(2);
  });

  it('are let go all, and in vain, where the first one alone takes more than there is', async () => {
    const decoding = new Decoding([1, 1], { atOnce: 2, records: 60 });
    const taken = begun(decoding);
    await turns();
    expect(decoding.numbers).toEqual([0, 1]);
    decoding.give(0, 61);
    expect([0, 1].map((number) => decoding.work(number).signal.aborted)).toEqual([true, true]);
    await expect(taken).rejects.toMatchObject({ code: 'window-too-large', facts: { window: 0, room: 60 } });
  });

  it('are decoded again where they take more than what windows behind leave, and fit when those are out', async () => {
    const decoding = new Decoding([1, 1], { atOnce: 2, records: 100, carried: 80 });
    const taken = begun(decoding);
    await turns();
    await decoding.end(0, 5);
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([1]);
    await decoding.end(1, 30);
    decoding.carried = 0;
    decoding.ahead.release();
    await turns();
    expect(decoding.numbers).toEqual([1]);
    const next = begun(decoding);
    await decoding.end(1, 30);
    expect(await next).toBe(1);
  });

  it('are taken for larger from then on', async () => {
    const decoding = new Decoding([1, 1, 1, 1, 1, 1], { atOnce: 3, records: 100 });
    const taken = begun(decoding);
    await turns();
    expect(decoding.numbers).toEqual([0, 1, 2]);
    await decoding.end(0, 50);
    expect(await taken).toBe(0);
    // One more would take 50 beside the 50 that are there and the 20 that are expected.
    expect(decoding.numbers).toEqual([1, 2]);
    await decoding.end(1, 10);
    expect(decoding.numbers).toEqual([2, 3, 4]);
  });
});
