// What a job stages is a copy of an archive that may be protected: nobody but the worker's user may look into it, and
// without a word about it in the input it is in that user's home. What an older release has begun is found where it is.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { removeStaging } from '../../../../activities/replay/remove-staging.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';

const ID = 'replay-events/run-1';
const input: ReplayInput = {
  topic: 'events',
  archive: { input: '/in/*', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  badData: { policy: 'skip', limitPercent: 100 },
};

let store: MemoryFileStore;
let worker: MemoryWorker;

beforeEach(async () => {
  store = new MemoryFileStore();
  worker = new MemoryWorker(store);
  await store.write('/in/a', [Buffer.from('{"timestamp":1700000000000}\nno time\n')]);
});

async function rightsBelow(folder: string): Promise<string[]> {
  const rights: string[] = [];
  for await (const status of store.list(folder)) {
    rights.push(`${status.kind} ${status.rights}`);
    if (status.kind === 'directory') rights.push(...(await rightsBelow(status.path)));
  }
  return rights;
}

describe('what a job stages', () => {
  it('is for the worker’s user alone, and so is the list of what was skipped', async () => {
    const job = await worker.validate({ ...input, staging: '/staging' }, ID);
    const listing = await worker.list(job);
    await worker.mergeUntilItFits(job, listing, await worker.decode(job, listing));
    for (const folder of [job.staging, `${job.staging}.errors`]) {
      expect((await store.status(folder))?.rights).toBe('700');
      const rights = await rightsBelow(folder);
      expect(rights).toContain('file 600');
      expect(rights.filter((each) => each !== 'directory 700' && each !== 'file 600')).toEqual([]);
    }
    // Other users may have staging of their own there.
    expect((await store.status('/staging'))?.rights).toBe('755');
    expect((await store.status('/staging/events'))?.rights).toBe('755');
  });

  it('is in the home of that user where the input names no folder', async () => {
    expect(await worker.validate(input, ID)).toMatchObject({
      staging: '/user/memory/.rewind/events/replay-events_2Frun-1',
    });
  });
});

describe('a job that an older release began in /tmp/rewind', () => {
  const older = '/tmp/rewind/events/replay-events_2Frun-1';
  const takeUp = () => worker.validate({ ...input, takeUp: ID }, 'again/run-2');
  beforeEach(() => worker.validate({ ...input, staging: '/tmp/rewind' }, ID));

  it('is taken up there, and there it is removed', async () => {
    expect(await takeUp()).toMatchObject({ staging: older });
    const removal = { job: ID, topic: 'events' };
    expect(await removeStaging(worker.deps)(removal, worker.context)).toMatchObject({ staging: older, removed: true });
  });

  it('is not believed where somebody else laid it down', async () => {
    const status = store.status.bind(store);
    store.status = async (path) => {
      const found = await status(path);
      return found && path === older ? { ...found, owner: 'mallory' } : found;
    };
    await expect(takeUp()).rejects.toMatchObject({ code: 'take-up-unknown' });
    expect(await status(new Staging(store, older).beginning)).toBeDefined();
  });
});
