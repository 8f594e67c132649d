// What splits tell of times adds up, in whatever order they come.
import { expect, it } from 'vitest';
import type { StrayRecord, StrayTimes } from '../../../activities/replay/record/stray-times.ts';
import type { DecodedSplit } from '../../../activities/replay/steps.ts';
import { addTimes } from '../../../workflows/replay/add-times.ts';
import { newReplayState } from '../../../workflows/replay/replay-state.ts';
import { replayJob } from '../../support/replay-job.ts';

const split = (parts: Partial<DecodedSplit>): DecodedSplit => parts as DecodedSplit;
const stray = (file: string): StrayRecord => ({ file }) as StrayRecord;
const wild: StrayTimes = { records: 3, wild: 3, wildFiles: 1, nearFiles: 0, least: 0, most: 0, firstWild: stray('a') };
const near: StrayTimes = {
  records: 4,
  wild: 1,
  wildFiles: 0,
  nearFiles: 2,
  least: -70,
  most: -60,
  first: stray('b'),
  firstWild: stray('b'),
};

it('strays and times outside of the range', () => {
  const { decoded } = newReplayState(replayJob(), 0);
  addTimes(decoded, split({}));
  expect([decoded.strays, decoded.outOfRangeTimes]).toEqual([undefined, undefined]);
  addTimes(decoded, split({ strays: wild, outOfRangeTimes: { from: 5, to: 9 } }));
  addTimes(decoded, split({ strays: near, outOfRangeTimes: { from: 6, to: 12 } }));
  const sum = {
    records: 7,
    wild: 4,
    wildFiles: 1,
    nearFiles: 2,
    least: -70,
    most: -60,
    first: stray('b'),
    firstWild: stray('a'),
  };
  expect(decoded).toMatchObject({ strays: sum, outOfRangeTimes: { from: 5, to: 12 } });
  const later = { from: 7, to: 8 };
  addTimes(decoded, split({ strays: { ...near, least: -80, most: -50, first: stray('c') }, outOfRangeTimes: later }));
  expect(decoded.strays).toMatchObject({ records: 11, least: -80, most: -50, first: stray('b') });
  expect(decoded.outOfRangeTimes).toEqual({ from: 5, to: 12 });
});
