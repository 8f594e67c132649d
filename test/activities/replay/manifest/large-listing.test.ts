// An archive of very many files is listed folder by folder: nothing is asked of HDFS for each file, what goes to Temporal
// stays small, and so does the number of splits.
import { afterAll, expect, it } from 'vitest';
import { readSplit } from '../../../../activities/replay/manifest/read-manifest.ts';
import type { FileListing } from '../../../../activities/replay/steps.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { SimulatedArchive } from '../../../support/simulated-archive.ts';

const HOURS = 24;
const FILES = 20_000;
const BYTES = 100_000_000;
const store = new SimulatedArchive({ topic: 'events', dest: '/camus/dest', files: FILES, bytes: BYTES, hours: HOURS });
const worker = new MemoryWorker(store);
afterAll(() => store.close());

it('lists 2 TB in 20,000 files', async () => {
  const job = await worker.validate(
    { topic: 'events', archive: { dest: '/camus/dest', timeZone: 'UTC' }, sort: 'whole' },
    'job',
  );
  const before = { ...store.asked };
  const listing = await worker.list(job);
  expect(listing).toMatchObject({ files: FILES, bytes: String(FILES * BYTES) });
  expect(JSON.stringify(listing).length).toBeLessThan(16 * 1024);
  const { lists, statuses, reads } = store.asked;
  // A folder of each hour and those above them; a few files that are sampled.
  expect(lists - before.lists).toBeLessThan(HOURS + 20);
  expect(statuses - before.statuses).toBeLessThan(120);
  expect(reads - before.reads).toBeLessThan(60);
  // At 48 MiB each there would be 40,000.
  expect(listing.splits).toBeLessThan(15_000);

  // The first splits are as small as those of any archive, the last ones larger; together they are all files.
  const { manifest } = new Staging(store, job.staging);
  const split = (number: number): ReturnType<typeof readSplit> => readSplit(store, manifest, number);
  const first = await split(0);
  expect(first.range).toEqual({ start: 0, end: 50_000_000 });
  const last = await split(listing.splits - 1);
  expect(last.files.length).toBeGreaterThan(1);
  expect(last.range).toBeUndefined();
});

async function listed(sort: 'auto' | 'whole', own: SimulatedArchive): Promise<FileListing> {
  const other = new MemoryWorker(own);
  const archive = { dest: '/camus/dest', timeZone: 'UTC' };
  return other.list(await other.validate({ topic: 'events', archive, sort }, `job-${sort}`));
}

it('lists windows that are far too large for memory in few splits', async () => {
  const large = new SimulatedArchive({
    topic: 'events',
    dest: '/camus/dest',
    files: FILES,
    bytes: BYTES,
    hours: HOURS,
  });
  const { windows, splits } = await listed('auto', large);
  const hour = Math.ceil(FILES / HOURS) * BYTES;
  expect(windows).toMatchObject({ count: HOURS, direct: 0, largestBytes: '0', largestStagedBytes: String(hour) });
  // The first splits of an hour are small, the last ones have some gigabytes.
  expect(splits).toBeLessThan(HOURS * 60);
  await large.close();
});

it('lists the same splits for a job that may have windows, and has none since its times are others', async () => {
  const sizes = { files: 5_000, bytes: BYTES, hours: 5_000 };
  const shifted = new SimulatedArchive({ topic: 'events', dest: '/camus/dest', ...sizes, shift: 2 * 3_600_000 });
  const [auto, whole] = [await listed('auto', shifted), await listed('whole', shifted)];
  expect(auto.windows).toBeUndefined();
  expect(auto.remarks.join()).toContain('sorted as a whole before the first is published');
  expect({ ...auto, remarks: [] }).toEqual({ ...whole, remarks: [] });
  await shifted.close();
});
