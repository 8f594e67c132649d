// What a job merges is decided once. A worker that takes it up with another fan-in, or plans otherwise for any reason,
// goes on with the plan that is in place, and what is merged is checked against it: no record is left out or doubled.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';

const RECORDS = 1_200;
const FILES = 12;
/** Each file is a split. */
const FILE_BYTES = 4_000;
const ID = 'replay-events/run-1';

const input: ReplayInput = {
  topic: 'events',
  archive: { input: '/in/*', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  staging: '/staging',
  sort: 'whole',
};

let store: MemoryFileStore;

/** Twelve files of a hundred records each, all over the same time. */
beforeEach(async () => {
  store = new MemoryFileStore();
  for (let file = 0; file < FILES; file += 1) {
    const lines = Array.from({ length: RECORDS / FILES }, (_, n) => record(n * FILES + file));
    await store.write(`/in/${String(file).padStart(2, '0')}`, [Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
  }
});

const record = (n: number): string =>
  JSON.stringify({ timestamp: 1_700_000_000_000 + n, n: String(n).padStart(5, '0') });
const all = Array.from({ length: RECORDS }, (_, n) => record(n));
const worker = (mergeFanIn: number): MemoryWorker => new MemoryWorker(store, { splitBytes: FILE_BYTES, mergeFanIn });

describe('a job that ended in the middle of merging', () => {
  it.each([
    [4, 6],
    [6, 4],
    [3, 64],
    [64, 2],
  ])('with a fan-in of %i is whole when a worker with one of %i takes it up', async (before, after) => {
    const first = worker(before);
    const job = await first.validate(input, ID);
    const listing = await first.list(job);
    expect(listing.splits).toBe(FILES);
    const { passes } = await first.catalogue(job, listing, await first.decode(job, listing), 0);
    if (passes > 0) await first.merge(job, listing, 0, 0);

    const second = worker(after);
    const again = await second.validate({ ...input, takeUp: ID }, 'replay-again/run-2');
    const merged = await second.mergeUntilItFits(again, listing, await second.decode(again, await second.list(again)));
    expect(merged.summary.records).toBe(String(RECORDS));
    expect(await second.sequence(again, listing, merged)).toEqual(all);
  });
});

describe('a merge plan in staging', () => {
  /** A job whose round at level 0 is planned with a fan-in of 4. */
  async function planned() {
    const first = worker(4);
    const job = await first.validate(input, ID);
    const listing = await first.list(job);
    const decoded = await first.decode(job, listing);
    const { passes } = await first.catalogue(job, listing, decoded, 0);
    return { first, job, listing, decoded, passes, staging: new Staging(store, job.staging) };
  }

  async function rewrite(path: string, change: (text: string) => string): Promise<void> {
    const { length } = (await store.status(path))!;
    const text = Buffer.from(await store.read(path, 0, length)).toString();
    await store.write(path, [Buffer.from(change(text))], { overwrite: true });
  }

  it('holds for steps that would plan otherwise', async () => {
    const { first, job, listing, decoded, passes } = await planned();
    const other = { ...job, tuning: { ...job.tuning, mergeFanIn: 6 } };
    expect((await first.catalogue(other, listing, decoded, 0)).passes).toBe(passes);
    for (let pass = 0; pass < passes; pass += 1) await first.merge(pass === 0 ? job : other, listing, 0, pass);
    expect((await first.catalogue(other, listing, decoded, 1)).records).toBe(String(RECORDS));
  });

  it.each([
    ['is cut short', (text: string) => text.slice(0, -20), 'no end'],
    ['was changed', (text: string) => text.replace('split-11', 'split-10'), 'checksum'],
    ['is of another sequence', (text: string) => text.replace(/[0-9a-f]{64}/, '0'.repeat(64)), 'sequence'],
    ['is of a later version', (text: string) => text.replace('"version":1', '"version":2'), 'version 2'],
  ])('that %s is refused', async (_, change, said) => {
    const { first, job, listing, staging } = await planned();
    await rewrite(staging.mergePlan(0), change);
    const error = await first.merge(job, listing, 0, 0).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'staging-unusable' });
    expect((error as Error).message).toContain(said);
  });

  // An older release left no plan, and may have merged by that of another fan-in.
  it('that is not there is made where nothing contradicts it', async () => {
    const { first, job, listing, decoded, staging } = await planned();
    await first.merge(job, listing, 0, 0);
    await store.delete(staging.mergePlan(0));
    const merged = await first.mergeUntilItFits(job, listing, decoded);
    expect(await first.sequence(job, listing, merged)).toEqual(all);
  });

  it.each([
    ['a merged file', 1],
    ['a catalogue', 3],
  ])('that is not there is not guessed against %s of another plan', async (_, done) => {
    const { first, job, listing, decoded, staging } = await planned();
    for (let pass = 0; pass < done; pass += 1) await first.merge(job, listing, 0, pass);
    if (done === 3) await first.catalogue(job, listing, decoded, 1);
    await store.delete(staging.mergePlan(0));
    const other = { ...job, tuning: { ...job.tuning, mergeFanIn: 6 } };
    const goOn = first.mergeUntilItFits(other, listing, decoded);
    await expect(goOn).rejects.toMatchObject({ code: 'staging-unusable' });
    await expect(goOn).rejects.toThrow('Remove sorted/merged-*');
    // What the message says to do, done.
    for await (const { path } of store.list(`${job.staging}/sorted`))
      if (path.includes('/merged-')) await store.delete(path);
    for (const path of [staging.mergePlan(0), staging.catalogue(1)]) await store.delete(path);
    const merged = await first.mergeUntilItFits(other, listing, decoded);
    expect(await first.sequence(other, listing, merged)).toEqual(all);
  });

  it('refuses a merged file of another plan before anything is built on it', async () => {
    const { first, job, listing, staging } = await planned();
    await first.merge(job, listing, 0, 0);
    await store.delete(staging.mergePlan(0));
    const other = { ...job, tuning: { ...job.tuning, mergeFanIn: 6 } };
    const error = await first.merge(other, listing, 0, 0).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'staging-unusable', facts: { path: staging.sorted('merged-0-0') } });
    expect((error as Error).message).toMatch(/expected 600 records of the splits .* found 400 records of the splits/);
  });

  it('is not gone on with where the catalogue lists less than was sorted', async () => {
    const { first, job, listing, decoded } = await planned();
    const more = { ...decoded, kept: decoded.kept + 1 };
    await expect(first.catalogue(job, listing, more, 0)).rejects.toMatchObject({ code: 'staging-unusable' });
  });
});
