// Ranges follow the size of the data, and cover what is to be read without a hole or an overlap.
import { expect, it } from 'vitest';
import { cutRanges, groupPulls, type PlannedRange } from '../../../activities/log/cut-ranges.ts';

const span = (from: bigint, to: bigint) => ({ topic: 't', partition: 0, from, to });

function covers(ranges: readonly PlannedRange[], from: bigint, to: bigint): void {
  let at = from;
  for (const range of ranges) {
    expect(range.from).toBe(at);
    expect(range.to > range.from).toBe(true);
    at = range.to;
  }
  expect(at).toBe(to);
}

it('cuts a partition by bytes, without a hole', () => {
  const ranges = cutRanges(span(7n, 1_000_007n), 100, { rangeBytes: 10_000_000 });
  expect(ranges).toHaveLength(10);
  covers(ranges, 7n, 1_000_007n);
});

it('gives a small rest to the range before it', () => {
  const ranges = cutRanges(span(0n, 1_100n), 1, { rangeBytes: 1_000 });
  covers(ranges, 0n, 1_100n);
  expect(ranges).toHaveLength(1);
});

it('makes one range of all where ranges have no bound', () => {
  covers(cutRanges(span(3n, 12n), 50, { rangeBytes: Infinity, maxPerPartition: 1 }), 3n, 12n);
  covers(cutRanges(span(3n, 12n), 50, { rangeBytes: Infinity, maxPerPartition: 1, records: 4 }), 3n, 7n);
});

it('makes no range of nothing', () => {
  expect(cutRanges(span(5n, 5n), 100, { rangeBytes: 1 })).toEqual([]);
});

it('takes the oldest ranges where there may be only some, and ends at a limit', () => {
  expect(cutRanges(span(0n, 100n), 1, { rangeBytes: 10, maxPerPartition: 2 }).at(-1)?.to).toBe(20n);
  covers(cutRanges(span(0n, 100n), 1, { rangeBytes: 10, records: 35 }), 0n, 35n);
  covers(cutRanges(span(0n, 100n), 2, { rangeBytes: 10, bytes: 40 }), 0n, 20n);
});

it('makes a record larger than a range a range of its own', () => {
  const ranges = cutRanges(span(0n, 3n), 1_000, { rangeBytes: 10 });
  covers(ranges, 0n, 3n);
  expect(ranges).toHaveLength(3);
});

it('puts thousands of small ranges into a few dozen pulls, and each once', () => {
  const ranges = Array.from({ length: 16_000 }, (_, partition) => ({
    topic: 't',
    partition,
    from: 0n,
    to: 1n,
    bytes: 1_000,
  }));
  const pulls = groupPulls(ranges, 256 * 1024 * 1024);
  expect(pulls.length).toBeLessThanOrEqual(48);
  expect(pulls.flat()).toHaveLength(16_000);
});

it('pulls the largest first', () => {
  const range = (partition: number, bytes: number) => ({ topic: 't', partition, from: 0n, to: 1n, bytes });
  const pulls = groupPulls([range(0, 10), range(1, 300), range(2, 90)], 100);
  expect(pulls.map((pull) => pull.map(({ partition }) => partition))).toEqual([[1], [2], [0]]);
});
