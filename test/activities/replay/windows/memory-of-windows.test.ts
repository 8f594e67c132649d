// The memory of records that are out serves those to come, and is kept by what is not out.
import { describe, expect, it } from 'vitest';
import { begun, Decoding, keyOf, runAt, runOf, SIGNAL, turns } from './windows-decoding.ts';

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

describe('runs of the first window that are out', () => {
  const RUN = 64 * 1024;
  const decoded = async (): Promise<Decoding> => {
    const decoding = new Decoding([2, 1, 1], { atOnce: 1, records: 4 * RUN, memoryPerByte: RUN / 10 });
    const taken = begun(decoding);
    await turns();
    decoding.work(0).run(runAt(RUN / 2, 0, 19));
    await decoding.endWith(0, runAt(RUN / 2, 20, 29));
    await decoding.endWith(1, runAt(RUN, 10, 25));
    expect(await taken).toBe(0);
    return decoding;
  };

  it('are gone, and those that end at the last record that is out, or later, are held', async () => {
    const { ahead } = await decoded();
    expect(ahead.out).toBeUndefined();
    ahead.letGo(keyOf(19, 1));
    expect(ahead.out).toBeUndefined();
    ahead.letGo(keyOf(25, 0));
    expect(ahead.out).toEqual({ records: 2, last: keyOf(19, 1) });
    const { out, runs, splits } = await ahead.take(SIGNAL);
    expect(out).toBe(2);
    const left = runs.flatMap(({ section }) => (section === undefined ? [] : [section.last]));
    expect(left).toEqual([keyOf(29, 1), keyOf(25, 1)]);
    expect(splits).toHaveLength(2);
    ahead.letGo(keyOf(29, 1));
    expect(ahead.out).toEqual({ records: 4, last: keyOf(25, 1) });
    ahead.release();
    expect(ahead.out).toBeUndefined();
  });

  it('serve those to come: some when a split begins, and one for each run that it gives', async () => {
    const decoding = await decoded();
    expect(decoding.numbers).toEqual([2]);
    const { spare, more } = decoding.work(2);
    expect([spare, more()]).toEqual([[], undefined]);
    decoding.ahead.letGo(keyOf(28));
    expect(more()?.timeLo).toEqual(Uint32Array.of(10, 25));
    expect(more()).toBeUndefined();
    decoding.ahead.close();
    expect(more()).toBeUndefined();
  });
});
