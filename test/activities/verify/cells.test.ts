// Proves that tallies of parts put together are those of the whole, in content and order, whatever the parts; and that
// buckets put together for want of room still tell two sides apart.
import { expect, test } from 'vitest';
import { compareCells } from '../../../activities/verify/compare/compare-cells.ts';
import type { SeenRecord } from '../../../activities/verify/content/seen-record.ts';
import { ContentHash } from '../../../activities/verify/content/content-hash.ts';
import { addRecord, append, emptyTally, sameRecords } from '../../../activities/verify/tally/cell-tally.ts';
import { Cells } from '../../../activities/verify/tally/cells.ts';

const hashOf = (n: number): bigint => new ContentHash().begin().int64(BigInt(n)).digest();
const tally = (...numbers: number[]): ReturnType<typeof emptyTally> => {
  const all = emptyTally();
  for (const n of numbers) addRecord(all, hashOf(n), BigInt(n));
  return all;
};

test('parts put together are the whole, wherever it was cut', () => {
  const whole = tally(1, 2, 3, 4, 5);
  for (let cut = 0; cut <= 5; cut += 1) {
    const numbers = [1, 2, 3, 4, 5];
    const first = tally(...numbers.slice(0, cut));
    append(first, tally(...numbers.slice(cut)));
    expect(first).toEqual(whole);
  }
});

test('the same records in another order are told from others, and from the same order', () => {
  expect(sameRecords(tally(1, 2, 3), tally(1, 2, 3), true)).toBe(true);
  expect(sameRecords(tally(1, 2, 3), tally(2, 1, 3), false)).toBe(true);
  expect(sameRecords(tally(1, 2, 3), tally(2, 1, 3), true)).toBe(false);
  expect(sameRecords(tally(1, 2, 3), tally(1, 2, 4), false)).toBe(false);
  expect(sameRecords(tally(1, 1), tally(1), false)).toBe(false);
});

test('fields have their lengths in what is hashed', () => {
  const hash = new ContentHash();
  const bytes = Buffer.from('abc');
  const one = hash.begin().field(bytes, 0, 1).field(bytes, 1, 3).digest();
  expect(hash.begin().field(bytes, 0, 2).field(bytes, 2, 3).digest()).not.toBe(one);
  expect(hash.begin().field(bytes, -1, -1).digest()).not.toBe(hash.begin().field(bytes, 0, 0).digest());
});

const record = (partition: number, time: number, n: number): SeenRecord => ({
  partition,
  time,
  offset: BigInt(n),
  hash: () => hashOf(n),
  file: 0,
  ordinal: n,
});
const options = { bucketMs: 1000, partitioned: true, bucketed: true, sample: 1 };

test('buckets of twice the length differ where the shorter ones did', () => {
  const cells = (skip: number): Cells => {
    const all = new Cells(options);
    for (let n = 0; n < 100; n += 1) if (n !== skip) all.add(record(n % 2, n * 300, n));
    return all;
  };
  const [one, other] = [cells(-1), cells(57)];
  expect(compareCells(one, other, true).differing).toMatchObject([{ partition: 1, bucket: 17_000 }]);
  for (const each of [one, other]) each.coarsen(8000);
  expect(compareCells(one, other, true)).toMatchObject({ cells: 8, differing: [{ partition: 1, bucket: 16_000 }] });
  expect(compareCells(cells(-1), cells(-1), true).differing).toEqual([]);
});

test('what one side has alone is compared with nothing', () => {
  const full = new Cells(options);
  full.add(record(3, Number.NaN, 1));
  expect(compareCells(full, new Cells(options), true).differing).toMatchObject([
    { partition: 3, bucket: null, archive: { count: 1 }, topic: { count: 0 } },
  ]);
  expect(compareCells(new Cells(options), full, true).differing).toMatchObject([{ topic: { count: 1 } }]);
});

test.each([1, 3])(
  'a part with times of all ages stays small, and is compared with a finer one, one in %i',
  (sample) => {
    const of = (count: number, from = 0): Cells => {
      const cells = new Cells({ ...options, sample });
      for (let n = from; n < count; n += 1) cells.add(record(0, ((n * 7919) % 60_000) * 1000, n));
      return cells;
    };
    const whole = of(60_000);
    expect(whole.size).toBeLessThanOrEqual(50_000);
    expect(whole.bucketMs).toBeGreaterThan(1000);
    const parts = [of(20_000), of(40_000, 20_000), of(60_000, 40_000)];
    for (const part of parts) expect(part.bucketMs).toBe(1000);
    const together = new Cells({ ...options, sample });
    for (const part of parts) together.append(part.lines(), part.bucketMs);
    const merged = new Cells({ ...options, sample });
    merged.append(whole.lines(), whole.bucketMs);
    expect(merged.bucketMs).toBe(whole.bucketMs);
    together.coarsen(merged.bucketMs);
    expect(compareCells(merged, together, false).differing).toEqual([]);
    // A finer part comes behind a coarser one.
    merged.append(parts[0]!.lines(), parts[0]!.bucketMs);
    together.append(parts[0]!.lines(), parts[0]!.bucketMs);
    expect(compareCells(merged, together, false).differing).toEqual([]);
  },
);
