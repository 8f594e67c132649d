// A job of which no file is left says why: that nothing matches, or what left out the files that do.
import { expect, it, vi } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { InputListing } from '../../../../activities/replay/manifest/input-listing.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { replayJob } from '../../../support/replay-job.ts';

const FILE = '/camus/events/hourly/2014/11/02/01/events.0.0.1.1.1414915200000.avro';

async function archived(): Promise<MemoryFileStore> {
  const store = new MemoryFileStore();
  await store.write(FILE, [Buffer.from('x')]);
  return store;
}

async function messageOf(input: Partial<ReplayInput>, files = archived()): Promise<string> {
  const store = await files;
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const listing = new InputListing(store, replayJob(input), undefined, context);
  for await (const split of listing.splits()) throw new Error(`nothing was to be taken, but for ${split.files.length}`);
  return (await listing.nothingToRead()).message;
}

it('a range without files is no wrong folder', async () => {
  const message = await messageOf({ from: '2020-01-01T00:00:00Z' });
  expect(message).toContain('The range from and to holds none of them; correct it.');
  expect(message).toContain('archive.timeZone');
  expect(message).not.toContain('archive.dest');
});

it('a glob that nothing matches may be a wrong folder', async () => {
  const message = await messageOf({ topic: 'other' });
  expect(message).toContain('The nearest folder that exists is /camus. Check archive.dest');
});

it('files that are all still written are waited for, or closed for a writer that is dead', async () => {
  const store = new MemoryFileStore();
  void store.write('/landing/events/part-0.json', goingOn());
  await vi.waitFor(async () => expect(await store.isBeingWritten('/landing/events/part-0.json')).toBe(true), 10_000);
  const message = await messageOf({ archive: { input: '/landing/*', format: 'text' } }, Promise.resolve(store));
  expect(message).toContain('left out: 1 still being written');
  expect(message).toContain('Wait until their writer has closed them; if it is dead, "hdfs debug recoverLease');
});

/** A writer that has written a record and waits for the next one. */
async function* goingOn(): AsyncGenerator<Buffer> {
  yield Buffer.from('{}\n');
  await new Promise(() => undefined);
}
