// A listing that was refused is never in place: what a second attempt lists is judged anew, and not what the first one
// was not allowed to use.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
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
