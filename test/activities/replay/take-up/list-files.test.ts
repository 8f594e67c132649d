// A listing that was refused is never in place: what a second attempt lists is judged anew, and not what the first one
// was not allowed to use.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { readOffsets } from '../../../../activities/replay/read-offsets.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { asOlderRelease } from '../../../faults/older-staging.ts';
import { writeExecution } from '../../../support/write-execution.ts';

const input: ReplayInput = {
  topic: 'events',
  archive: { input: '/in/*', history: '/history', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  staging: '/staging',
};

let store: MemoryFileStore;

beforeEach(async () => {
  store = new MemoryFileStore();
  await store.write('/in/of-the-first-run', [Buffer.from('{"timestamp":1700000000000}\n')]);
  await writeExecution(store, '/history/2026-11-01-00-00-00', { events: { 0: 1 } });
});

describe('a listing of names without offsets', () => {
  it('is refused again and again where Camus finished another run meanwhile', async () => {
    // Camus lands its next run while the files are listed: its file may be among them.
    const listing = store.list.bind(store);
    let landed = false;
    store.list = async function* (path, signal) {
      if (path === '/in' && !landed) {
        landed = true;
        await store.write('/in/of-the-second-run', [Buffer.from('{"timestamp":1700000000001}\n')]);
        await writeExecution(store, '/history/2026-11-01-01-00-00', { events: { 0: 2 } });
      }
      yield* listing(path, signal);
    };
    const worker = new MemoryWorker(store);
    const job = await worker.validate(input, 'replay-events/run-1');
    await readOffsets(worker.deps)({ job }, worker.context);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(worker.list(job)).rejects.toMatchObject({ code: 'history-unusable' });
      expect(await store.status(new Staging(store, job.staging).manifest)).toBeUndefined();
    }
  });
});

describe('a listing that release 0.1.0 left', () => {
  const listed = async () => {
    const worker = new MemoryWorker(store);
    const job = await worker.validate(input, 'replay-events/run-1');
    await readOffsets(worker.deps)({ job }, worker.context);
    const listing = await worker.list(job);
    await asOlderRelease(store, job.staging);
    return { worker, job, listing };
  };

  it('is judged again, since it was in place before it was judged', async () => {
    const { worker, job, listing } = await listed();
    expect(await worker.list(job)).toEqual(listing);
    await writeExecution(store, '/history/2026-11-01-01-00-00', { events: { 0: 2 } });
    await expect(worker.list(job)).rejects.toMatchObject({ code: 'history-unusable' });
  });

  it('is used where something was decoded by it: then it had passed', async () => {
    const { worker, job, listing } = await listed();
    await worker.decode(job, listing);
    await writeExecution(store, '/history/2026-11-01-01-00-00', { events: { 0: 2 } });
    expect(await worker.list(job)).toEqual(listing);
  });
});

describe('what a listing remarks', () => {
  it('is little in its result however many partitions are doubled, and stands in a file as a whole', async () => {
    const partitions = 1_000;
    const offsets = (next: number) => Object.fromEntries(Array.from({ length: partitions }, (_, n) => [n, next]));
    store = new MemoryFileStore();
    const folder = '/camus/events/hourly/2026/11/01/00';
    const line = Buffer.from('{"timestamp":1793491200000}\n');
    // Each partition holds six records for its offsets 0 to 3.
    for (let n = 0; n < partitions; n += 1)
      for (const number of [0, 1])
        await store.write(`${folder}/events.${number}.${n}.3.3.1793491200000.txt`, [line, line, line]);
    await writeExecution(store, '/history/2026-11-01-01-00-00', { events: offsets(3) });
    const worker = new MemoryWorker(store);
    const input: ReplayInput = {
      topic: 'events',
      archive: { dest: '/camus', history: '/history', format: 'text' },
      time: { field: 'timestamp', format: 'unix_milliseconds' },
      staging: '/staging',
    };
    const job = await worker.validate(input, 'replay-events/run-1');
    await readOffsets(worker.deps)({ job }, worker.context);
    const listing = await worker.list(job);
    const all = new Staging(store, job.staging).remarks;
    expect(listing.remarks.at(-1)).toMatch(new RegExp(`^and 9\\d\\d more remarks: all of them are in ${all}$`));
    expect(Buffer.byteLength(JSON.stringify(listing))).toBeLessThan(12_000);
    expect(await worker.list(job)).toEqual(listing);
    const { length } = (await store.status(all))!;
    const lines = Buffer.from(await store.read(all, 0, length))
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(partitions);
    expect(lines[999]).toContain('partition 999 has 6 records');
  });
});
