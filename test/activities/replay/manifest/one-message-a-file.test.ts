// A file for each message, as a NiFi flow without MergeContent leaves them in one folder: what goes to Temporal stays small
// however many they are, files are listed and read a few at a time, and each record comes once, in its place.
import { afterAll, expect, it } from 'vitest';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { SimulatedLines } from '../../../support/simulated-lines.ts';

const FILES = 12_000;
const store = await SimulatedLines.open({ topic: 'orders-eu', dest: '/edl', files: FILES });
const worker = new MemoryWorker(store);
afterAll(() => store.close());

const size = (payload: object): number => JSON.stringify(payload).length;

it('restores 12,000 files of one line', async () => {
  const archive = { layout: 'nifi', dest: '/edl', gaps: 'fail' } as const;
  const job = await worker.validate({ topic: 'orders-eu', archive, output: { partitionCount: 4 } }, 'job');
  const listing = await worker.list(job);
  expect(listing).toMatchObject({ files: FILES, splits: 12, partitions: 4 });
  expect(size(listing)).toBeLessThan(4 * 1024);
  expect(store.asked).toMatchObject({ lists: 1, opens: FILES });
  // As many as are looked at together: names of all files are never in memory.
  expect(store.asked.ahead).toBeLessThanOrEqual(10_000);

  const decoded = await worker.decode(job, listing);
  expect(decoded).toMatchObject({ read: FILES, kept: FILES, skipped: 0 });
  expect(store.asked.atOnce).toBeLessThanOrEqual(8);
  // One look and one read for each; a few files are sampled.
  expect(store.asked.reads).toBeLessThan(FILES + 200);

  const merged = await worker.mergeUntilItFits(job, listing, decoded);
  expect(size(merged.summary)).toBeLessThan(4 * 1024);
  expect(merged.summary).toMatchObject({ records: String(FILES) });
  const values = await worker.sequence(job, listing, merged);
  const records = values.map((value) => (JSON.parse(value) as { record: number }).record);
  // Four partitions side by side, each in the order of its offsets.
  expect(records.map((record) => Math.floor(record / 4))).toEqual(
    Array.from({ length: FILES }, (_, index) => Math.floor(index / 4)),
  );
  expect(new Set(records).size).toBe(FILES);
});
