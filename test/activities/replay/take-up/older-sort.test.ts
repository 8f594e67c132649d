// A job that a release began which sorted as a whole by default goes on as that: what is in place decides, not the default
// of whoever takes it up.
import { beforeEach, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import type { ReplayJob } from '../../../../activities/replay/job/replay-job.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';

const ID = 'replay-events/run-1';
const BUCKET = Date.UTC(2014, 10, 2, 9);
const HOUR = 3_600_000;
const input: ReplayInput = {
  topic: 'events',
  archive: { dest: '/camus', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  staging: '/staging',
};

let store: MemoryFileStore;
let worker: MemoryWorker;

/** Three hours, of which windows would be made. */
beforeEach(async () => {
  store = new MemoryFileStore();
  worker = new MemoryWorker(store, { splitBytes: 10 });
  for (const hour of [1, 2, 3]) {
    const bucket = BUCKET + (hour - 1) * HOUR;
    const name = `2014/11/02/0${hour}/events.0.0.1.${hour}.${bucket}.json`;
    await store.write(`/camus/events/hourly/${name}`, [Buffer.from(`{"timestamp":${bucket}}\n`)]);
  }
});

/** Takes `sort` out of what is in staging, as releases wrote it that knew none. */
async function forgetSort({ staging }: ReplayJob): Promise<void> {
  const { beginning } = new Staging(store, staging);
  const { length } = (await store.status(beginning))!;
  const written = JSON.parse(Buffer.from(await store.read(beginning, 0, length)).toString()) as { job: object };
  const { sort: _none, ...job } = written.job as Record<string, unknown>;
  await store.write(beginning, [Buffer.from(JSON.stringify({ ...written, job }))], { overwrite: true });
}

it('has windows where it is begun now', async () => {
  expect((await worker.list(await worker.validate(input, ID))).windows).toMatchObject({ count: 3 });
});

it('goes on as a whole where it was listed so', async () => {
  const begun = await worker.validate({ ...input, sort: 'whole' }, ID);
  const listed = await worker.list(begun);
  await forgetSort(begun);
  const again = await worker.validate({ ...input, takeUp: ID }, 'again/run-2');
  const listing = await worker.list(again);
  expect(listing).toEqual(listed);
  expect(listing.windows).toBeUndefined();
  const merged = await worker.mergeUntilItFits(again, listing, await worker.decode(again, listing));
  expect(await worker.sequence(again, listing, merged)).toHaveLength(3);
});

it('is listed as a whole by a workflow whose history has a job without the field', async () => {
  const { sort: _none, ...older } = await worker.validate(input, ID);
  expect((await worker.list(older)).windows).toBeUndefined();
});

it('may have windows where it had not been listed: nothing was built on it', async () => {
  await forgetSort(await worker.validate({ ...input, sort: 'whole' }, ID));
  const again = await worker.validate({ ...input, takeUp: ID }, 'again/run-2');
  expect((await worker.list(again)).windows).toMatchObject({ count: 3 });
});
