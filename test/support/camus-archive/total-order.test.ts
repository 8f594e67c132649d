// Proves that the radix sort of the ground truth sorts by time and then by entry, whatever number of passes it takes.
import { expect, test } from 'vitest';
import { Draws } from './draws.ts';
import { sortByTime } from './total-order.ts';

test.each([0, 5, 65_535, 65_536, 90_000_000, 2 ** 32 + 5, 2 ** 50])('times that span %i ms', (span) => {
  const draws = new Draws(span | 0);
  const times = Float64Array.from({ length: 2000 }, () => 1_414_000_000_000 + Math.floor(draws.next() * (span + 1)));
  times[0] = 1_414_000_000_000 + span;
  for (let at = 1; at < times.length; at += 3) times[at] = times[at - 1] as number;
  const chosen = Uint32Array.from({ length: 1000 }, (_, at) => at * 2);
  const expected = [...chosen].sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  sortByTime(chosen, times);
  expect([...chosen]).toEqual(expected);
});

test('nothing to sort stays nothing', () => {
  const none = new Uint32Array(0);
  sortByTime(none, new Float64Array(0));
  expect(none.length).toBe(0);
});
