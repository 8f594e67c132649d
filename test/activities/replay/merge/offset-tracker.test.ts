// Repeats are told by the last offset of their partition, whatever number a damaged archive gives a partition.
import { expect, it } from 'vitest';
import { OffsetTracker } from '../../../../activities/replay/merge/offset-tracker.ts';

it('tells what has the offset of the last record of its partition, and nothing else', () => {
  const tracker = new OffsetTracker();
  const taken = [
    [0, 0],
    [1, 0],
    [0, 0],
    [100, 0],
    [0, 1],
    [1, 0],
    [100, 0],
  ].map(([partition, offset]) => tracker.take(partition!, 0, offset!));
  expect(taken).toEqual([true, true, false, true, true, false, false]);
});

it('takes no more memory for a partition of a large number than for another', () => {
  const tracker = new OffsetTracker();
  const before = process.memoryUsage().arrayBuffers;
  expect(tracker.take(20_000_000, 0, 7)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  const largest = 2 ** 31 - 1;
  expect(tracker.take(3, 0, 7)).toBe(true);
  expect(tracker.take(largest, 0, 7)).toBe(true);
  expect(tracker.take(largest, 0, 7)).toBe(false);
  expect(tracker.take(largest - 1, 0, 7)).toBe(true);
  expect(tracker.take(largest, 1, 7)).toBe(true);
  expect(tracker.take(20_000_000, 0, 7)).toBe(false);
  expect(tracker.take(3, 0, 7)).toBe(false);
});
