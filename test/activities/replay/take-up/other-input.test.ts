// A job that is taken up is the one that was begun: an input that would list, sort or publish anything else is refused
// with the fields that differ, never ignored; what only tells how to go on is taken as it is now.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';

const ID = 'replay-events/run-1';
const input: ReplayInput = {
  topic: 'events',
  archive: { input: '/in/*', history: '/history', format: 'text' },
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T00:00:00Z',
  replayTopic: 'events_{yyyy-MM-dd}',
  staging: '/staging',
};
const BEGUN = Date.UTC(2026, 10, 28);
const LATER = Date.UTC(2026, 11, 5);

let store: MemoryFileStore;
let worker: MemoryWorker;

beforeEach(() => {
  store = new MemoryFileStore();
  worker = new MemoryWorker(store, { mergeFanIn: 4 });
});

const takeUp = (changes: Partial<ReplayInput> = {}, by = worker) =>
  by.validate({ ...input, ...changes, takeUp: ID }, 'again/run-2', LATER);

describe('the input of a job that is taken up', () => {
  beforeEach(() => worker.validate(input, ID, BEGUN));

  it.each<[string, Partial<ReplayInput>, string]>([
    [
      'another input',
      { archive: { ...input.archive, input: '/other/*' } },
      'archive.input was "/in/*" and is "/other/*"',
    ],
    ['another history', { archive: { ...input.archive, history: '/h' } }, 'archive.history was "/history" and is "/h"'],
    ['another zone of folders', { archive: { ...input.archive, timeZone: 'UTC' } }, 'archive.timeZone was'],
    ['all files', { archive: { ...input.archive, readAllFiles: true } }, 'archive.readAllFiles was false and is true'],
    ['an earlier life', { archive: { ...input.archive, earlierLife: 'include' } }, 'archive.earlierLife was'],
    ['duplicates refused', { archive: { ...input.archive, duplicates: 'fail' } }, 'archive.duplicates was'],
    ['another beginning', { from: '2026-11-01T01:00:00Z' }, 'from was'],
    ['no end', { to: undefined }, 'to was 1793577600000 and is nothing'],
    ['a relative end', { to: '-1d/d' }, 'to was'],
    ['another topic', { replayTopic: 'other' }, 'replayTopic.name was "events_2026-11-28" and is "other"'],
    ['another field of time', { time: { field: 'at' } }, 'time.field was nothing and is "at"'],
    ['another encoding', { output: { encoding: 'json' } }, 'output.encoding was "avro-json" and is "json"'],
    ['offsets of 0.7', { offsets: { layout: '0.7' } }, 'offsets.layout was "0.8" and is "0.7"'],
    [
      'offsets only',
      { offsetsOnly: true, from: undefined, to: undefined, offsets: { group: 'g', zookeeper: false, kafka: true } },
      'offsetsOnly was false and is true',
    ],
    ['another Kafka', { connections: { kafka: 'other' } }, 'connections.kafka was "default" and is "other"'],
  ])('with %s is refused', async (_, changes, said) => {
    const error = await takeUp(changes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'take-up-differs' });
    expect((error as Error).message).toContain(said);
  });

  it('may say otherwise how fast it goes, what becomes of its windows, what is skipped at most, and what becomes of the offsets', async () => {
    const changes = {
      rate: { records: 5 },
      sort: 'auto' as const,
      badData: { limitPercent: 7 },
      offsets: { group: 'g', zookeeper: false, kafka: true, existing: 'overwrite' as const },
      replayTopic: { name: 'events_{yyyy-MM-dd}', unsafeSettings: 'accept' as const },
    };
    expect(await takeUp(changes)).toMatchObject({
      ...changes,
      replayTopic: { name: 'events_2026-11-28', unsafeSettings: 'accept' },
    });
  });

  it('may leave out what can not be read, where it was to end for that: nothing that is out was left out', async () => {
    expect(await takeUp({ badData: { policy: 'skip' } })).toMatchObject({ badData: { policy: 'skip' } });
  });

  it('may not end for it where it has left such out', async () => {
    await worker.validate({ ...input, badData: { policy: 'skip' } }, 'skips/run-1', BEGUN);
    const again = worker.validate({ ...input, takeUp: 'skips/run-1' }, 'again/run-2', LATER);
    await expect(again).rejects.toThrow('badData.policy was "skip" and is "fail"');
  });

  it('with another order is refused', async () => {
    const { from: _from, to: _to, ...whole } = input;
    await worker.validate(whole, 'whole/run-1', BEGUN);
    const again = worker.validate({ ...whole, order: 'file', takeUp: 'whole/run-1' }, 'again/run-2', LATER);
    await expect(again).rejects.toThrow('order was "time" and is "file"');
  });

  it('leaves it the settings of its first worker, and the queues of those that work now', async () => {
    const other = new MemoryWorker(store, { mergeFanIn: 6, sliceMs: 1, splitBytes: 1, decodeTaskQueue: 'd' });
    const { mergeFanIn, splitBytes, decodeTaskQueue } = (await takeUp({}, other)).tuning;
    expect([mergeFanIn, splitBytes, decodeTaskQueue]).toEqual([4, 48 * 1024 * 1024, 'd']);
  });

  it('keeps the times that its first start has set', async () => {
    expect(await takeUp()).toMatchObject({
      scheduledAt: BEGUN,
      begunAt: BEGUN,
      replayTopic: { name: 'events_2026-11-28' },
    });
  });
});

describe('a job with relative times', () => {
  it('is compared as if it had been scheduled when it was', async () => {
    await worker.validate({ ...input, from: '-1d/d', to: '/d' }, ID, BEGUN);
    expect(await takeUp({ from: '-1d/d', to: '/d' })).toMatchObject({ from: BEGUN - 86_400_000, to: BEGUN });
    await expect(takeUp({ from: '-2d/d', to: '/d' })).rejects.toMatchObject({ code: 'take-up-differs' });
  });
});

describe('whether records tell their file', () => {
  const headers = (file: boolean): Partial<ReplayInput> => ({ output: { headers: { file } } });

  it('is as it was when the job was begun, where the input says nothing: releases differ in what that means', async () => {
    await worker.validate({ ...input, ...headers(true) }, ID, BEGUN);
    expect((await takeUp()).output.headers.file).toBe(true);
    expect((await takeUp(headers(true))).output.headers.file).toBe(true);
    await expect(takeUp(headers(false))).rejects.toThrow('output.headers.file was true and is false');
  });

  it('is off where nobody asks for it', async () => {
    expect((await worker.validate(input, ID, BEGUN)).output.headers.file).toBe(false);
    await expect(takeUp(headers(true))).rejects.toThrow('output.headers.file was false and is true');
  });
});

describe('staging of another release', () => {
  const beginning = async (
    change: (written: { rewind: { layout: number }; job: Record<string, unknown> }) => unknown,
  ) => {
    const { staging } = await worker.validate(input, ID, BEGUN);
    const { beginning: path } = new Staging(store, staging);
    const { length } = (await store.status(path))!;
    const written = JSON.parse(Buffer.from(await store.read(path, 0, length)).toString()) as Parameters<
      typeof change
    >[0];
    await store.write(path, [Buffer.from(JSON.stringify(change(written)))], { overwrite: true });
  };
  const older = ({ job: { scheduledAt: _, ...job } }: { job: Record<string, unknown> }) => job;

  it('says which release wrote it, and in which layout', async () => {
    const { staging } = await worker.validate(input, ID, BEGUN);
    const begun = await new Staging(store, staging).readBeginning();
    expect(begun).toMatchObject({ layout: 2, release: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
  });

  it('of an older one is gone on with', async () => {
    await beginning(older);
    expect(await takeUp()).toMatchObject({
      id: ID,
      tuning: { mergeFanIn: 4 },
      replayTopic: { name: 'events_2026-11-28' },
    });
  });

  it('of an older one is compared as far as it tells', async () => {
    await beginning(older);
    await expect(takeUp({ from: '2026-11-01T01:00:00Z' })).rejects.toMatchObject({ code: 'take-up-differs' });
    await expect(takeUp({ replayTopic: 'other' })).rejects.toMatchObject({ code: 'take-up-differs' });
  });

  it('of a newer one is refused, and the message names the release that can go on', async () => {
    await beginning(({ job }) => ({ rewind: { release: '9.1.0', layout: 3 }, job }));
    await expect(takeUp()).rejects.toMatchObject({ code: 'staging-unusable' });
    await expect(takeUp()).rejects.toThrow('Take the job up by a worker of release 9.1.0 or newer.');
  });

  it.each<[string, (job: Record<string, unknown>) => unknown, string]>([
    ['no job', () => 'text', 'expected object'],
    ['a field that is not known', (job) => ({ ...job, speed: 1 }), 'speed'],
    ['a field of another kind', (job) => ({ ...job, from: 'then' }), 'from'],
    ['no settings', ({ tuning: _, ...job }) => job, 'tuning'],
  ])('with %s is refused by the name of the field', async (_, change, said) => {
    await beginning(({ rewind, job }) => ({ rewind, job: change(job) }));
    await expect(takeUp()).rejects.toMatchObject({ code: 'staging-unusable' });
    await expect(takeUp()).rejects.toThrow(said);
  });
});
