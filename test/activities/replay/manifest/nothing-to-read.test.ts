// A job of which no file is left says why: that nothing matches, or what left out the files that do.
import { expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { InputListing } from '../../../../activities/replay/manifest/input-listing.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { replayJob } from '../../../support/replay-job.ts';

async function messageOf(input: Partial<ReplayInput>): Promise<string> {
  const store = new MemoryFileStore();
  await store.write('/camus/events/hourly/2014/11/02/01/events.0.0.1.1.1414915200000.avro', [Buffer.from('x')]);
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
