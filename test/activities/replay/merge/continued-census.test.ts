// A census that is continued window by window, by what splits tell of their offsets, says what going through all records
// does; where an offset is there twice, or splits don't tell, it says nothing.
import { expect, it } from 'vitest';
import { continuedCensus } from '../../../../activities/replay/merge/continued-census.ts';
import type { Census } from '../../../../activities/replay/merge/offset-census.ts';
import { Draws } from '../../../support/camus-archive/draws.ts';
import { counted, told, type Place } from './census-of-places.ts';

const NONE: Census = { fingerprint: 'f', partitions: [], repeats: [] };

it('says the same as the records in their order, whatever the splits and the windows', () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const draws = new Draws(seed);
    const base = seed % 2 === 0 ? 0 : 2 ** 32 - 50;
    const splits: Place[][] = [[], [], [], []];
    for (const partition of [0, 1, 2])
      for (let offset = base + draws.below(30); offset < base + 100; offset += 1)
        if (draws.next() < 0.8) splits[draws.below(4)]!.push([partition, offset]);
    const bounds = [
      -Infinity,
      ...[draws.below(100), draws.below(100)].toSorted((a, b) => a - b).map((at) => base + at),
      Infinity,
    ];
    let census: Census | undefined = NONE;
    for (const [index, from] of bounds.slice(0, -1).entries()) {
      const to = bounds[index + 1]!;
      const records = splits.flat().filter(([, offset]) => offset >= from && offset < to).length;
      census = continuedCensus(census!, splits.map(told), { from, to }, records);
      expect(census).toEqual(counted(splits.flat().filter(([, offset]) => offset < to)));
    }
  }
});

it('says nothing where an offset is there twice, a split does not tell, or records are others than the offsets', () => {
  const span = { from: 0, to: 100 };
  const splits = [told([[0, 1], [0, 2]]), told([[0, 5], [1, 2]])]; // prettier-ignore
  expect(continuedCensus(NONE, splits, span, 4)).toBeDefined();
  expect(continuedCensus(NONE, splits, span, 5)).toBeUndefined();
  expect(continuedCensus(NONE, [...splits, undefined], span, 4)).toBeUndefined();
  expect(continuedCensus(NONE, [...splits, told([[1, 2]])], span, 5)).toBeUndefined();
});
