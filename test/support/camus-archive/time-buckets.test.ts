// Proves that times land in the folders and buckets that Camus's own code gave to the fixtures, on the days when
// clocks change too.
import { expect, test } from 'vitest';
import { TimeBuckets } from './time-buckets.ts';

const losAngeles = new TimeBuckets('America/Los_Angeles');

test('both hours of 01 o’clock share a folder and a bucket on the day when the clocks go back', () => {
  const first = losAngeles.of(Date.UTC(2014, 10, 2, 8, 30));
  const second = losAngeles.of(Date.UTC(2014, 10, 2, 9, 30));
  expect(first).toEqual({ folder: '2014/11/02/01', start: 1_414_915_200_000 });
  expect(second).toBe(first);
  expect(losAngeles.of(Date.UTC(2014, 10, 2, 10))).toEqual({
    folder: '2014/11/02/02',
    start: Date.UTC(2014, 10, 2, 10),
  });
});

test('there is no folder 02 on the day when the clocks go forward', () => {
  expect(losAngeles.of(Date.UTC(2014, 2, 9, 9, 59, 59, 999)).folder).toBe('2014/03/09/01');
  expect(losAngeles.of(Date.UTC(2014, 2, 9, 10))).toEqual({ folder: '2014/03/09/03', start: 1_394_359_200_000 });
});

test('zones that are not whole hours away from UTC cut at their own hours', () => {
  const kathmandu = new TimeBuckets('Asia/Kathmandu');
  expect(kathmandu.of(Date.UTC(2014, 5, 1, 0, 14))).toEqual({
    folder: '2014/06/01/05',
    start: Date.UTC(2014, 4, 31, 23, 15),
  });
  expect(kathmandu.of(Date.UTC(2014, 5, 1, 0, 15))).toEqual({
    folder: '2014/06/01/06',
    start: Date.UTC(2014, 5, 1, 0, 15),
  });
});
