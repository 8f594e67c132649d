// Nothing that stands in staging is believed unseen: JSON that another release, or a hand, has left otherwise is refused
// by the name of the file and the field, and what an older release didn't know takes its default.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import type { ReplayJob } from '../../../../activities/replay/job/replay-job.ts';
import { readOffsets } from '../../../../activities/replay/read-offsets.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { writeExecution } from '../../../support/write-execution.ts';

const input: ReplayInput = {
  topic: 'events',
  archive: { input: '/in/*', history: '/history', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  staging: '/staging',
};

let store: MemoryFileStore;
let worker: MemoryWorker;
let job: ReplayJob;
let staging: Staging;

beforeEach(async () => {
  store = new MemoryFileStore();
  await store.write('/in/a', [Buffer.from('{"timestamp":1700000000000}\n{"timestamp":1700000000001}\n')]);
  await writeExecution(store, '/history/2026-11-01-00-00-00', { events: { 0: 2 } });
  worker = new MemoryWorker(store);
  job = await worker.validate(input, 'replay-events/run-1');
  staging = new Staging(store, job.staging);
  await readOffsets(worker.deps)({ job }, worker.context);
});

async function rewrite(path: string, change: (json: Record<string, unknown>) => unknown): Promise<void> {
  const { length } = (await store.status(path))!;
  const json = JSON.parse(Buffer.from(await store.read(path, 0, length)).toString()) as Record<string, unknown>;
  await store.write(path, [Buffer.from(JSON.stringify(change(json)))], { overwrite: true });
}

describe('the pinned offsets', () => {
  it.each<[string, (pins: Record<string, unknown>) => unknown]>([
    ['without offsets', ({ next: _, ...pins }) => pins],
    ['with an offset that is no number', (pins) => ({ ...pins, next: { 0: 'two' } })],
    ['that are no object', () => []],
  ])('%s are refused', async (_, change) => {
    await rewrite(staging.offsets, change);
    const read = readOffsets(worker.deps)({ job }, worker.context);
    await expect(read).rejects.toMatchObject({ code: 'staging-unusable', facts: { path: staging.offsets } });
    await expect(worker.list(job)).rejects.toMatchObject({ code: 'staging-unusable' });
  });

  it('of a release that kept no remarks are used', async () => {
    await rewrite(staging.offsets, ({ remarks: _, ...pins }) => pins);
    expect(await readOffsets(worker.deps)({ job }, worker.context)).toMatchObject({ partitions: 1, remarks: [] });
  });
});

describe('the counts of a split', () => {
  it('that are not those of its sorted file are refused', async () => {
    const listing = await worker.list(job);
    await worker.decode(job, listing);
    await rewrite(staging.sorted('split-0.json'), (counts) => ({ ...counts, kept: 1 }));
    await expect(worker.decode(job, listing)).rejects.toMatchObject({ code: 'staging-unusable' });
  });

  it('that another attempt left otherwise are refused, where no sorted file was in place', async () => {
    const listing = await worker.list(job);
    await worker.decode(job, listing);
    await rewrite(staging.sorted('split-0.json'), (counts) => ({ ...counts, read: 3 }));
    await store.delete(staging.sorted('split-0'));
    await expect(worker.decode(job, listing)).rejects.toThrow('expected 2 records read');
  });

  it('of a release that counted less are used', async () => {
    const listing = await worker.list(job);
    await worker.decode(job, listing);
    await rewrite(staging.sorted('split-0.json'), ({ estimated: _e, filtered: _f, clamped: _c, ...counts }) => counts);
    expect(await worker.decode(job, listing)).toMatchObject({ read: 2, kept: 2 });
  });
});
