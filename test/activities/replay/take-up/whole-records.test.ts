// A job of whole records that a worker with other settings takes up, wherever it ended, comes to the same sequence: each
// record once, by its offset; and an input that would put them in another order is refused.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { wholeRecordFile } from '../../../support/whole-records.ts';

const ID = 'replay-events/run-1';
const FILES = 5;
const PER_FILE = 40;
const TIME = Date.UTC(2014, 10, 2, 9, 30);
/** `archive.format` is left to the files. */
const input: ReplayInput = {
  topic: 'events',
  archive: { input: '/in/*' },
  output: { partitionCount: 2 },
  staging: '/staging',
};

let store: MemoryFileStore;

/** Two partitions whose offsets are all over the files, and records of the last file there once more. */
beforeEach(async () => {
  store = new MemoryFileStore();
  for (let file = 0; file < FILES; file += 1) await store.write(`/in/${file}`, [fileOf(file)]);
  await store.write('/in/again', [fileOf(FILES - 1)]);
});

function fileOf(file: number): Buffer {
  const records = Array.from({ length: PER_FILE }, (_, n) => {
    const offset = n * FILES + file;
    const partition = n % 2;
    return { partition, offset, timestamp: TIME - offset, value: Buffer.from(`{"p":${partition},"o":${offset}}`) };
  });
  return wholeRecordFile(records, 10);
}

const EXPECTED = Array.from({ length: FILES * PER_FILE }, (_, o) => `{"p":${Math.floor(o / FILES) % 2},"o":${o}}`);
const SETTINGS = [
  { splitBytes: 1_000, mergeFanIn: 4 },
  { splitBytes: 1_000_000, mergeFanIn: 64 },
  { splitBytes: 4_000, mergeFanIn: 2 },
];
const pairs = SETTINGS.map((before, index) => [before, SETTINGS[(index + 1) % SETTINGS.length]!] as const);

describe.each(pairs)('begun with %j and taken up with %j', (before, after) => {
  /** The job, listed and decoded, by the worker that ends somewhere behind it. */
  const begun = async () => {
    const worker = new MemoryWorker(store, before);
    const job = await worker.validate(input, ID);
    const listing = await worker.list(job);
    return { worker, job, listing, decoded: await worker.decode(job, listing) };
  };

  const goneOn = async (): Promise<string[]> => {
    const worker = new MemoryWorker(store, after);
    const job = await worker.validate({ ...input, takeUp: ID }, 'again/run-2');
    expect(job).toMatchObject({ order: 'offset', archive: { format: 'record' }, output: { partitions: 'source' } });
    const listing = await worker.list(job);
    const merged = await worker.mergeUntilItFits(job, listing, await worker.decode(job, listing));
    expect(merged.summary).toMatchObject({ records: String(EXPECTED.length), repeats: String(PER_FILE) });
    return worker.sequence(job, listing, merged);
  };

  it('after it was listed', async () => {
    const worker = new MemoryWorker(store, before);
    await worker.list(await worker.validate(input, ID));
    expect(await goneOn()).toEqual(EXPECTED);
  });

  it('after it was decoded, in the middle of merging, and before it was counted', async () => {
    const { worker, job, listing, decoded } = await begun();
    const { passes } = await worker.catalogue(job, listing, decoded, 0);
    if (passes > 0) await worker.merge(job, listing, 0, 0);
    expect(await goneOn()).toEqual(EXPECTED);
  });

  it('after it was counted', async () => {
    const { worker, job, listing, decoded } = await begun();
    await worker.mergeUntilItFits(job, listing, decoded);
    expect(await goneOn()).toEqual(EXPECTED);
  });

  it('where the files are there no more, since they were listed', async () => {
    await begun();
    for (const name of ['again', ...Array(FILES).keys()]) await store.delete(`/in/${name}`);
    expect(await goneOn()).toEqual(EXPECTED);
  });

  it('after another release, which knew less of the job', async () => {
    const { job } = await begun();
    const path = new Staging(store, job.staging).beginning;
    const { length } = (await store.status(path))!;
    const written = JSON.parse(Buffer.from(await store.read(path, 0, length)).toString()) as {
      job: Record<string, unknown>;
    };
    const { scheduledAt: _none, ...less } = written.job;
    await store.write(path, [Buffer.from(JSON.stringify({ ...written, job: less }))], { overwrite: true });
    expect(await goneOn()).toEqual(EXPECTED);
  });
});

describe('an input that would put whole records otherwise', () => {
  it.each<[string, Partial<ReplayInput>, string]>([
    ['another order', { order: 'time' }, 'order was "offset" and is "time"'],
    ['one partition', { output: { partitions: 'one' } }, 'output.partitions was "source" and is "one"'],
    ['old offsets in headers', { output: { partitionCount: 2, headers: { offset: true } } }, 'output.headers.offset'],
    ['a range', { from: '2014-11-02T00:00:00Z' }, 'from was nothing'],
  ])('is refused: %s', async (_what, changes, said) => {
    const worker = new MemoryWorker(store);
    await worker.validate(input, ID);
    const error = await worker.validate({ ...input, ...changes, takeUp: ID }, 'again/run-2').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'take-up-differs' });
    expect((error as Error).message).toContain(said);
  });

  it('may say what becomes of gaps and conflicts', async () => {
    const worker = new MemoryWorker(store);
    await worker.validate(input, ID);
    const archive = { ...input.archive, gaps: 'fail', conflicts: 'report' } as const;
    expect(await worker.validate({ ...input, archive, takeUp: ID }, 'again/run-2')).toMatchObject({ archive });
  });
});
