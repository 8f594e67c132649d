// Proves that the ranges of a topic are each offset once, and that their number, and with it the steps, files and history of a
// job, stay bounded however long the topic is.
import { expect, test } from 'vitest';
import { countRanges, rangeAt, rangeOf, rangeOffsetsFor } from '../../../activities/verify/plan/ranges-of.ts';

function planned(spans: [partition: number, from: bigint, to: bigint][]): Parameters<typeof rangeAt>[0] {
  const partitions = spans.map(([partition, from, to]) => ({ partition, from: String(from), to: String(to) }));
  return { partitions, rangeOffsets: rangeOffsetsFor(partitions) };
}

test('ranges are every offset once, in order, and are found by their offsets', () => {
  const plan = planned([
    [0, 10n, 1_200_010n],
    [1, 5n, 5n],
    [3, 0n, 500_000n],
    [4, 7n, 8n],
  ]);
  const ranges = Array.from({ length: countRanges(plan) }, (_, number) => rangeAt(plan, number));
  expect(ranges).toEqual([
    { partition: 0, from: '10', to: '500010' },
    { partition: 0, from: '500010', to: '1000010' },
    { partition: 0, from: '1000010', to: '1200010' },
    { partition: 3, from: '0', to: '500000' },
    { partition: 4, from: '7', to: '8' },
  ]);
  for (const [number, { partition, from, to }] of ranges.entries())
    for (const offset of [BigInt(from), BigInt(to) - 1n]) expect(rangeOf(plan, partition, offset)).toBe(number);
  for (const [partition, offset] of [
    [0, 9n],
    [0, 1_200_010n],
    [1, 5n],
    [2, 0n],
  ] as const)
    expect(rangeOf(plan, partition, offset)).toBeUndefined();
  expect(() => rangeAt(plan, 5)).toThrow('there is no range 5');
});

test('of a topic of trillions there are as many as of one of billions', () => {
  const plan = planned(Array.from({ length: 1000 }, (_, partition) => [partition, 0n, 10n ** 12n]));
  expect(countRanges(plan)).toBeLessThanOrEqual(11_000);
  expect(JSON.stringify(plan).length).toBeLessThan(64 * 1024);
  expect(rangeAt(plan, countRanges(plan) - 1)).toMatchObject({ partition: 999, to: String(10n ** 12n) });
});
