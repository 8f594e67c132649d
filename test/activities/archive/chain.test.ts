// The history is a chain: of all runs, attempts and workers that slept which would follow the same execution, one wins.
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFolders } from '../../../activities/archive/archive-folders.ts';
import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { tidyArchive } from '../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { DEST, E1, E2, EXEC, filesBelow, HISTORY, leavePulled, type PulledRanges } from './pulled-run.ts';

const context = stepContext();
let store: MemoryFileStore;
let deps: Dependencies;

beforeEach(() => {
  store = new MemoryFileStore();
  deps = { hdfs: () => store } as unknown as Dependencies;
});

const pulledRun = (id: string, predecessor: string | undefined, execution: string, ranges: PulledRanges) =>
  leavePulled(store, id, predecessor, execution, ranges);
const decide = (job: ArchiveJob) => decideArchive(deps)({ job }, context);
const place = (job: ArchiveJob) => placeArchive(deps)({ job }, context);
const tidy = (job: ArchiveJob) => tidyArchive(deps)({ job }, context);
const below = (folder: string): Promise<string[]> => filesBelow(store, folder);
const data = (): Promise<string[]> => below(`${DEST}/t`);
const nextOf = async (execution: string): Promise<bigint | undefined> =>
  (await readStoredOffsets(store, `${HISTORY}/${execution}`, context.signal)).get('t-0')?.next;
const content = async (path: string): Promise<string> =>
  Buffer.from(await store.read(path, 0, (await store.status(path))!.length)).toString();

describe('a run', () => {
  it('places its files and records where the next one goes on', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await decide(job)).toMatchObject({ files: 1, records: '10', execution: E1 });
    await place(job);
    await tidy(job);
    expect(await data()).toEqual([`${DEST}/t/hourly/2026/11/28/10/t.1.0.10.10.0`]);
    expect(await nextOf(E1)).toBe(10n);
    expect(await below(`${DEST}/.rewind`)).toEqual([]);
  });

  it.each(['decide', 'place', 'tidy'] as const)('is the same where %s is done again, and again', async (step) => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    for (const [name, run] of Object.entries({ decide, place, tidy })) {
      await run(job);
      if (name === step) await run(job);
    }
    expect(await data()).toHaveLength(1);
    expect(await nextOf(E1)).toBe(10n);
  });

  it('takes the ranges up to the first that is missing, and leaves the rest to the next run', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20, lost: true },
      { from: 20, to: 30 },
    ]);
    expect(await decide(job)).toMatchObject({ files: 1, records: '10', offsetsLeft: '20' });
    await place(job);
    expect(await nextOf(E1)).toBe(10n);
    expect(await data()).toHaveLength(1);
  });

  it('decides nothing where the report of a pull that has ended is gone', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20, lost: true },
    ]);
    await expect(decideArchive(deps)({ job, begun: 2 }, context)).rejects.toMatchObject({
      code: 'staging-lost',
      message: expect.stringContaining(
        `${new ArchiveFolders(job).report(1)}: expected the report of pull 2 of 2`,
      ) as string,
    });
    expect(await nextOf(E1).catch(() => 'nothing')).toBe('nothing');
    expect(await decideArchive(deps)({ job, begun: 1 }, context)).toMatchObject({ records: '10' });
  });

  it('takes a range that was cut, and nothing behind it', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10, next: 4 },
      { from: 10, to: 20 },
    ]);
    expect(await decide(job)).toMatchObject({ files: 1, records: '4' });
    await place(job);
    expect(await nextOf(E1)).toBe(4n);
  });

  it('decides nothing where a file is not as long as its writer said', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const path = `${new ArchiveFolders(job).attempt(0, 'a')}/0`;
    await store.write(path, [Buffer.from('shor')], { overwrite: true });
    await expect(decide(job)).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringContaining(path) as string,
    });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
  });

  it('writes the counts of what it archived with its execution, one object a topic', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10, counted: 10 },
      { from: 10, to: 20, next: 14, counted: 4 },
      { from: 20, to: 30, counted: 10 },
    ]);
    await decide(job);
    await place(job);
    const count = 7;
    expect(JSON.parse(await content(`${HISTORY}/${E1}/counts.m-00000`))).toEqual([
      {
        topic: 't',
        granularity: 600_000,
        counts: {
          '{app,one,0}': { start: 0, server: 'app', service: 'one', count },
          '{app,two,0}': { start: 0, server: 'app', service: 'two', count },
        },
        startTime: 100,
        endTime: 210,
        firstTimestamp: 0,
        lastTimestamp: 15,
        errorCount: 0,
      },
    ]);
  });

  it('leaves a topic above its limit of bad data to the next run, and ends where that is all', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10, bad: 2 }]);
    const of = (badData: Partial<ArchiveJob['badData']>): ArchiveJob => ({
      ...job,
      badData: { policy: 'skip', limitPercent: 100, topicLimitPercent: 100, keep: false, ...badData },
    });
    await expect(decide(of({ limitPercent: 10 }))).rejects.toMatchObject({ code: 'skip-limit' });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
    const decided = await decide(of({ topicLimitPercent: 10 }));
    expect(decided).toMatchObject({ files: 0, records: '0', offsetsLeft: '10', problems: [{ topic: 't' }] });
    await place(job);
    expect([await nextOf(E1), await data()]).toEqual([0n, []]);
  });

  it('decides nothing where a bad record that was to be kept is in no file', async () => {
    const pulled = await leavePulled(store, 'a/1', undefined, E1, [{ from: 0, to: 10, bad: 2 }]);
    const badData = { policy: 'skip', limitPercent: 100, topicLimitPercent: 100, keep: true } as const;
    await expect(decide({ ...pulled, badData })).rejects.toMatchObject({
      code: 'archive-file-damaged',
      facts: { expected: 2, found: 0 },
    });
  });

  it('decides nothing where its counts are not those of its ranges', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10, counted: 8 }]);
    await expect(decide(job)).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringContaining('hold 10 records, its counts 8') as string,
    });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
  });

  it('records no execution of which a recovery that slept deletes a part while it is built', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    const write = store.write.bind(store);
    store.write = async (path, ...rest) => {
      if (path.includes('/building/') && path.endsWith('rewind.json')) {
        store.write = write;
        await store.delete(`${EXEC}/.rewind/building`, { recursive: true });
      }
      return write(path, ...rest);
    };
    await expect(place(job)).rejects.toThrow('was lost while its execution was built; trying again');
    expect(await below(HISTORY)).toEqual([]);
    await place(job);
    expect(await nextOf(E1)).toBe(10n);
    expect((await below(`${HISTORY}/${E1}`)).map((path) => path.split('/').at(-1))).toContain('rewind.json');
  });

  it('builds an execution anew of which a recovery that slept deletes all when it is built', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    const list = store.list.bind(store);
    store.list = async function* (path, ...rest) {
      if (path.includes('/building/')) {
        store.list = list;
        await store.delete(`${EXEC}/.rewind/building`, { recursive: true });
      }
      yield* list(path, ...rest);
    };
    // No error of the connection, which would end the run for good behind its decision.
    await expect(place(job)).rejects.toThrow('was lost while its execution was built; trying again');
    await place(job);
    expect(await nextOf(E1)).toBe(10n);
  });

  it('leaves out a topic whose folder may not be written to, and says so', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    store.readOnly.add(`${DEST}/t/hourly/2026/11/28/10`);
    const decided = await decide(job);
    expect(decided).toMatchObject({ files: 0, offsetsLeft: '10' });
    expect(decided.problems).toMatchObject([{ topic: 't', message: expect.stringContaining('no right') as string }]);
    await place(job);
    expect(await nextOf(E1)).toBe(0n);
  });
});

describe('a file whose name is taken', () => {
  const name = (more = ''): string => `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.10.0${more}`;

  it('gets another one: a topic that was made anew has the same counts and offsets again', async () => {
    await store.write(name(), [Buffer.from('of another life')]);
    await store.write(name('.again1'), [Buffer.from('of yet another')]);
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    await place(job);
    expect(await data()).toEqual([name(), name('.again1'), name('.again2')]);
    expect(await content(name())).toBe('of another life');
    expect(await content(name('.again2'))).toBe('a/1 0');
    // A later attempt finds the names that were decided.
    await place(job);
    expect(await data()).toHaveLength(3);
  });
});

describe('of runs that would follow the same execution', () => {
  it('one wins, whatever they believe', async () => {
    const jobs = await Promise.all(
      ['a/1', 'b/2', 'c/3'].map((id) => pulledRun(id, undefined, E1, [{ from: 0, to: 10 }])),
    );
    const results = await Promise.allSettled(jobs.map(decide));
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'archive-overtaken' });
    await place(jobs[won]!);
    const [file] = await data();
    expect(await content(file!)).toBe(`${jobs[won]!.id} 0`);
    expect(await data()).toHaveLength(1);
  });

  it('one that slept until the other was recorded is refused, even where the decision was pruned', async () => {
    const late = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const fast = await pulledRun('b/2', undefined, E2, [{ from: 0, to: 10 }]);
    await decide(fast);
    await place(fast);
    await expect(decide(late)).rejects.toMatchObject({ code: 'archive-overtaken' });
    await store.delete(`${EXEC}/.rewind`, { recursive: true });
    await expect(decide(late)).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
    expect(await data()).toHaveLength(1);
  });

  it('none places anything once Camus has recorded a newer execution', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    await store.makeDirectory(`${HISTORY}/${E2}`);
    await expect(place(job)).rejects.toMatchObject({
      code: 'archive-overtaken',
      message: expect.stringContaining('void') as string,
    });
    expect(await data()).toEqual([]);
  });
});
