// A layout is one folder and one line of registration: an archive that nothing else in the project has heard of is
// read by the real steps of a replay, in its own order, up to its own offsets.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { MemoryFileStore } from '../support/memory-file-store.ts';
import { replayInMemory } from '../support/replay-in-memory.ts';

vi.mock(import('../../layouts/registered.ts'), async (original) => {
  const { ledger } = await import('./ledger/layout.ts');
  const registered = await original();
  return { ...registered, layouts: { ...registered.layouts, ledger } };
});

const HOUR = 3_600_000;
const BEGAN = Date.UTC(2026, 10, 20, 10);
const job: ReplayInput = {
  topic: 'pay.ments',
  archive: { layout: 'ledger', dest: '/ledger' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
};

let store: MemoryFileStore;

async function put(partition: number, first: number, last: number, hour = BEGAN - HOUR): Promise<void> {
  const lines = Array.from({ length: last - first + 1 }, (_, index) =>
    JSON.stringify({ timestamp: hour + first + index, partition, offset: first + index }),
  );
  const path = `/ledger/pay.ments/p${partition}/${first}-${last}@${hour}.jsonl`;
  await store.write(path, [Buffer.from(`${lines.join('\n')}\n`)]);
}

const offsets = (values: string[]): number[] => values.map((value) => (JSON.parse(value) as { offset: number }).offset);

beforeEach(async () => {
  store = new MemoryFileStore();
  await put(0, 10, 12);
  await put(0, 0, 9);
  await put(1, 0, 4, BEGAN);
  await store.write('/ledger/pay.ments/p0/NOTES.txt', [Buffer.from('no data')]);
  const next = { 'pay.ments': { 0: '13', 1: '5' } };
  await store.write(`/ledger/.runs/${BEGAN}.json`, [Buffer.from(JSON.stringify(next))]);
});

describe('a layout that was only registered', () => {
  it('is replayed: its files, its order, its offsets', async () => {
    const { values, pins, listing } = await replayInMemory(store, job);
    expect(offsets(values)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2, 3, 4]);
    expect(pins).toMatchObject({ execution: `/ledger/.runs/${BEGAN}.json`, next: { 0: '13', 1: '5' } });
    expect(listing.leftOut).toMatchObject([{ reason: 'not data by their names', files: 1 }]);
  });

  it('tells which files a time range leaves out, and which came after the pinned run', async () => {
    await put(0, 13, 15, BEGAN);
    const { values, listing } = await replayInMemory(store, { ...job, from: BEGAN, to: BEGAN + HOUR });
    expect(offsets(values)).toEqual([0, 1, 2, 3, 4]);
    expect(Object.fromEntries(listing.leftOut.map(({ reason, files }) => [reason, files]))).toEqual({
      'not data by their names': 1,
      'outside of the time range by their names': 2,
      'of a Ledger run after the pinned one': 1,
    });
  });

  it('gives the partitions and offsets that its names tell', async () => {
    const sorted: ReplayInput = { ...job, order: 'offset', output: { partitions: 'source' } };
    const { values, listing } = await replayInMemory(store, sorted);
    expect(listing.partitions).toBe(2);
    expect(offsets(values)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('says itself what is wrong with its history', async () => {
    await store.delete(`/ledger/.runs/${BEGAN}.json`);
    await expect(replayInMemory(store, job)).rejects.toMatchObject({ name: 'JobError', code: 'history-missing' });
  });
});
