// What splits tell of their offsets comes to the same census as going through all records in their order; where that
// can't be, it is not told.
import { expect, it } from 'vitest';
import { KeptOffsets } from '../../../../activities/replay/decode/kept-offsets.ts';
import { CensusOfRuns } from '../../../../activities/replay/merge/census-of-runs.ts';
import { OffsetRuns } from '../../../../activities/replay/merge/offset-runs.ts';
import { counted, told, type Place } from './census-of-places.ts';

/** Numbers that are the same in every run. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

it('says of offsets in pieces, over several splits, what their order says', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = drawn(seed);
    const base = seed % 2 === 0 ? 0 : 2 ** 32 - 50;
    const splits: Place[][] = [[], [], []];
    for (const partition of [0, 1, 2])
      for (let offset = base; offset < base + 100; offset += 1)
        if (random() < 0.8) splits[Math.floor(random() * 1.3) % 3]!.push([partition, offset]);
    const census = new CensusOfRuns();
    for (const split of splits) expect(census.add(told(split)!)).toBe(true);
    expect(census.result('f')).toEqual(counted(splits.flat()));
  }
});

it('tells nothing where an offset is there twice, in one split or in two', () => {
  expect(told([[0, 1], [0, 2], [0, 2]])).toBeUndefined(); // prettier-ignore
  expect(told([[0, 1], [0, 2], [0, 3], [1, 2], [0, 2]])).toBeUndefined(); // prettier-ignore
  const census = new CensusOfRuns();
  expect(census.add([{ partition: 0, runs: [[0, 10]] }])).toBe(true);
  expect(census.add([{ partition: 1, runs: [[0, 10]] }])).toBe(true);
  expect(census.add([{ partition: 0, runs: [[20, 30], [9, 12]] }])).toBe(false); // prettier-ignore
});

it('tells nothing of offsets that a number can not hold, and of too many pieces', () => {
  const kept = new KeptOffsets();
  kept.take(0, 2 ** 30, 0);
  kept.take(0, 2 ** 30, 1);
  expect(kept.finish()).toBeUndefined();
  const atTheEnd = new KeptOffsets();
  for (const lo of [0xfffffffd, 0xfffffffe, 0xffffffff]) atTheEnd.take(0, 2 ** 21 - 1, lo);
  expect(atTheEnd.finish()).toBeUndefined();
  const pieces = Array.from({ length: 8193 }, (_, n): Place => [n % 2, n * 2]);
  expect(told(pieces.slice(1))?.flatMap(({ runs }) => runs)).toHaveLength(8192);
  expect(told(pieces)).toBeUndefined();
});

it('brings runs together in whichever order they come', () => {
  const runs = new OffsetRuns();
  for (const [from, to] of [
    [10, 20],
    [0, 5],
    [30, 40],
    [5, 10],
    [25, 30],
    [20, 25],
  ] as const)
    // prettier-ignore
    expect(runs.add(from, to)).toBe(true);
  expect([...runs]).toEqual([[0, 40]]);
  for (const [from, to] of [[0, 1], [39, 41], [17, 18]] as const) expect(runs.add(from, to)).toBe(false); // prettier-ignore
  expect([...runs]).toEqual([[0, 40]]);
});
