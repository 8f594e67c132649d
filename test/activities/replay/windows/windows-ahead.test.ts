// Windows come in their order whatever is decoded first, no more of them than there is room for, and one at least.
import { describe, expect, it } from 'vitest';
import { LARGEST_RUN } from '../../../../activities/replay/windows/run-size.ts';
import { AHEAD_BYTES } from '../../../../activities/replay/windows/windows-ahead.ts';
import { begun, Decoding, keyOf, runAt, runOf, SIGNAL, turns } from './windows-decoding.ts';

describe('windows that are decoded ahead', () => {
  it('come in their order, whichever split is decoded first', async () => {
    const decoding = new Decoding([1, 1, 1], { atOnce: 3 });
    const taken = begun(decoding);
    await turns();
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
    await turns();
    expect(decoding.numbers).toEqual([0, 1, 2, 3, 4, 5]);
    for (const number of [0, 1, 2, 3]) await decoding.end(number);
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([4, 5]);
    decoding.ahead.release();
    await turns();
    expect(decoding.numbers).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('go on where one alone is expected to take more than all room, and end where it does', async () => {
    const decoding = new Decoding([4], { atOnce: 8, records: 25 });
    const taken = begun(decoding);
    await turns();
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
    await turns();
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

  it('is half as much as the first one takes, where its runs end together and that is more', async () => {
    const decoding = new Decoding([1, 1, 1, 1, 1, 1], { atOnce: 1, records: 20 * AHEAD_BYTES, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    for (let run = 0; run < 3; run += 1) decoding.work(0).run(runAt(AHEAD_BYTES, run, 10 + run));
    await decoding.endWith(0, runAt(AHEAD_BYTES, 0, 12));
    expect(await taken).toBe(0);
    await decoding.end(1, AHEAD_BYTES);
    expect(decoding.numbers).toEqual([2]);
    await decoding.end(2, AHEAD_BYTES + 1_000);
    expect(decoding.numbers).toEqual([]);
  });

  it('is as much as threads need where the runs of the first one end one after the other, and more as they are out', async () => {
    const decoding = new Decoding([1, 1, 1, 1, 1, 1], { atOnce: 1, records: 20 * AHEAD_BYTES, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    for (let run = 0; run < 3; run += 1) decoding.work(0).run(runAt(AHEAD_BYTES, run * 10, run * 10 + 9));
    await decoding.endWith(0, runAt(AHEAD_BYTES, 30, 39));
    expect(await taken).toBe(0);
    expect(decoding.numbers).toEqual([1]);
    await decoding.end(1, AHEAD_BYTES);
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.letGo(keyOf(9, 1));
    await turns();
    expect(decoding.numbers).toEqual([]);
    decoding.ahead.letGo(keyOf(10));
    await turns();
    expect(decoding.numbers).toEqual([2]);
  });

  it('is half as much as the first one takes of windows of offsets, which are held to their ends', async () => {
    const options = { atOnce: 1, records: 20 * AHEAD_BYTES, memoryPerByte, ofOffsets: true };
    const decoding = new Decoding([1, 1, 1, 1, 1, 1], options);
    const taken = begun(decoding);
    await turns();
    for (let run = 0; run < 3; run += 1) decoding.work(0).run(runAt(AHEAD_BYTES, run * 10, run * 10 + 9));
    await decoding.endWith(0, runAt(AHEAD_BYTES, 30, 39));
    expect(await taken).toBe(0);
    await decoding.end(1, AHEAD_BYTES);
    expect(decoding.numbers).toEqual([2]);
  });

  it('has the memory of windows that were larger, for those that are again', async () => {
    const runs = AHEAD_BYTES / LARGEST_RUN;
    const decoding = new Decoding([1, 1, 1, 1, 1], { atOnce: 1, records: 20 * AHEAD_BYTES, memoryPerByte });
    const taken = begun(decoding);
    await turns();
    for (let run = 0; run < 3 * runs; run += 1) decoding.give(0, LARGEST_RUN);
    await decoding.end(0, 0);
    expect(await taken).toBe(0);
    await decoding.end(1, LARGEST_RUN);
    decoding.ahead.release();
    await turns();
    const { spare, more } = decoding.work(2);
    let kept = spare.length;
    while (more() !== undefined) kept += 1;
    // All but what window 1 takes of it.
    expect(kept).toBe(3 * runs);
  });

  it('keeps no more memory to be used again than it will take itself', async () => {
    const decoding = await begin(AHEAD_BYTES / 2);
    await decoding.end(1, AHEAD_BYTES);
    // As much as is enough, and the split by which there may be more.
    const enough = 2 * (AHEAD_BYTES / LARGEST_RUN);
    decoding.ahead.release(Array.from({ length: 3 * enough }, () => runOf(LARGEST_RUN)));
    let kept = 0;
    for (const number of [2, 3, 4]) {
      await turns();
      kept += decoding.work(number).spare.length;
      while (decoding.work(number).more() !== undefined) kept += 1;
      await decoding.end(number, AHEAD_BYTES);
      decoding.ahead.release([]);
    }
    expect(kept).toBe(enough);
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
