// The history is a chain: of all runs, attempts and workers that slept which would follow the same execution, one wins.
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFolders } from '../../../activities/archive/archive-folders.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { MemoryArchive } from './memory-archive.ts';
import { DEST, E1, E2, EXEC, HISTORY } from './pulled-run.ts';

let archive: MemoryArchive;

beforeEach(() => {
  archive = new MemoryArchive();
});

const content = async (path: string): Promise<string> =>
  Buffer.from(await archive.store.read(path, 0, (await archive.store.status(path))!.length)).toString();

describe('a run', () => {
  it('places its files and records where the next one goes on', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await archive.decide(job)).toMatchObject({ files: 1, records: '10', execution: E1 });
    await archive.place(job);
    await archive.tidy(job);
    expect(await archive.data()).toEqual([`${DEST}/t/hourly/2026/11/28/10/t.1.0.10.10.0`]);
    expect(await archive.nextOf(E1)).toBe(10n);
    expect(await archive.below(`${DEST}/.rewind`)).toEqual([]);
  });

  it.each(['decide', 'place', 'tidy'] as const)('is the same where %s is done again, and again', async (step) => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    for (const name of ['decide', 'place', 'tidy'] as const) {
      await archive[name](job);
      if (name === step) await archive[name](job);
    }
    expect(await archive.data()).toHaveLength(1);
    expect(await archive.nextOf(E1)).toBe(10n);
  });

  it('takes the ranges up to the first that is missing, and leaves the rest to the next run', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20, lost: true },
      { from: 20, to: 30 },
    ]);
    expect(await archive.decide(job)).toMatchObject({ files: 1, records: '10', offsetsLeft: '20' });
    await archive.place(job);
    expect(await archive.nextOf(E1)).toBe(10n);
    expect(await archive.data()).toHaveLength(1);
  });

  it('decides nothing where the report of a pull that has ended is gone', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20, lost: true },
    ]);
    await expect(archive.decide(job, 2)).rejects.toMatchObject({
      code: 'staging-lost',
      message: expect.stringContaining(
        `${new ArchiveFolders(job).report(1)}: expected the report of pull 2 of 2`,
      ) as string,
    });
    expect(await archive.nextOf(E1).catch(() => 'nothing')).toBe('nothing');
    expect(await archive.decide(job, 1)).toMatchObject({ records: '10' });
  });

  it('takes a range that was cut, and nothing behind it', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [
      { from: 0, to: 10, next: 4 },
      { from: 10, to: 20 },
    ]);
    expect(await archive.decide(job)).toMatchObject({ files: 1, records: '4' });
    await archive.place(job);
    expect(await archive.nextOf(E1)).toBe(4n);
  });

  it('decides nothing where a file is not as long as its writer said', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const path = `${new ArchiveFolders(job).attempt(0, 'a')}/0`;
    await archive.store.write(path, [Buffer.from('shor')], { overwrite: true });
    await expect(archive.decide(job)).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringContaining(path) as string,
    });
    expect(await archive.below(`${EXEC}/.rewind`)).toEqual([]);
  });

  it('writes the counts of what it archived with its execution, one object a topic', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [
      { from: 0, to: 10, counted: 10 },
      { from: 10, to: 20, next: 14, counted: 4 },
      { from: 20, to: 30, counted: 10 },
    ]);
    await archive.decide(job);
    await archive.place(job);
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

  it.each([{ limitPercent: 10 }, { topicLimitPercent: 10 }])(
    'leaves a topic above %j to the next run',
    async (limit) => {
      const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10, bad: 2 }]);
      const of = (badData: Partial<ArchiveJob['badData']>): ArchiveJob => ({
        ...job,
        badData: {
          policy: 'skip',
          limitPercent: 100,
          topicLimitPercent: 100,
          limits: {},
          limitsFrom: 1,
          keep: false,
          ...badData,
        },
      });
      const decided = await archive.decide(of(limit));
      expect(decided).toMatchObject({ files: 0, records: '0', offsetsLeft: '10' });
      expect(decided.problems).toMatchObject([
        { topic: 't', message: expect.stringContaining('Such as: t-0, offset 0: corrupt: ') as string },
      ]);
      await archive.place(job);
      expect([await archive.nextOf(E1), await archive.data()]).toEqual([0n, []]);
    },
  );

  it('decides nothing where a bad record that was to be kept is in no file', async () => {
    const pulled = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10, bad: 2 }]);
    const badData = {
      policy: 'skip',
      limitPercent: 100,
      topicLimitPercent: 100,
      limits: {},
      limitsFrom: 1,
      keep: true,
    } as const;
    await expect(archive.decide({ ...pulled, badData })).rejects.toMatchObject({
      code: 'archive-file-damaged',
      facts: { expected: 2, found: 0 },
    });
  });

  it('decides nothing where its counts are not those of its ranges', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10, counted: 8 }]);
    await expect(archive.decide(job)).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringContaining('hold 10 records, its counts 8') as string,
    });
    expect(await archive.below(`${EXEC}/.rewind`)).toEqual([]);
  });

  it('records no execution of which a recovery that slept deletes a part while it is built', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await archive.decide(job);
    const write = archive.store.write.bind(archive.store);
    archive.store.write = async (path, ...rest) => {
      if (path.includes('/building/') && path.endsWith('rewind.json')) {
        archive.store.write = write;
        await archive.store.delete(`${EXEC}/.rewind/building`, { recursive: true });
      }
      return write(path, ...rest);
    };
    await expect(archive.place(job)).rejects.toThrow('was lost while its execution was built; trying again');
    expect(await archive.below(HISTORY)).toEqual([]);
    await archive.place(job);
    expect(await archive.nextOf(E1)).toBe(10n);
    expect((await archive.below(`${HISTORY}/${E1}`)).map((path) => path.split('/').at(-1))).toContain('rewind.json');
  });

  it('builds an execution anew of which a recovery that slept deletes all when it is built', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await archive.decide(job);
    const list = archive.store.list.bind(archive.store);
    archive.store.list = async function* (path, ...rest) {
      if (path.includes('/building/')) {
        archive.store.list = list;
        await archive.store.delete(`${EXEC}/.rewind/building`, { recursive: true });
      }
      yield* list(path, ...rest);
    };
    // No error of the connection, which would end the run for good behind its decision.
    await expect(archive.place(job)).rejects.toThrow('was lost while its execution was built; trying again');
    await archive.place(job);
    expect(await archive.nextOf(E1)).toBe(10n);
  });

  it('leaves out a topic whose folder may not be written to, and says so', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    archive.store.readOnly.add(`${DEST}/t/hourly/2026/11/28/10`);
    const decided = await archive.decide(job);
    expect(decided).toMatchObject({ files: 0, offsetsLeft: '10' });
    expect(decided.problems).toMatchObject([{ topic: 't', message: expect.stringContaining('no right') as string }]);
    await archive.place(job);
    expect(await archive.nextOf(E1)).toBe(0n);
  });
});

describe('a file whose name is taken', () => {
  const name = (more = ''): string => `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.10.0${more}`;

  it('gets another one: a topic that was made anew has the same counts and offsets again', async () => {
    await archive.store.write(name(), [Buffer.from('of another life')]);
    await archive.store.write(name('.again1'), [Buffer.from('of yet another')]);
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const { remarks } = await archive.decide(job);
    expect(remarks).toEqual([
      expect.stringContaining(`1 file has another name since its own was taken: ${name('.again2')} beside ${name()}`),
    ]);
    await archive.place(job);
    expect(await archive.data()).toEqual([name(), name('.again1'), name('.again2')]);
    expect(await content(name())).toBe('of another life');
    expect(await content(name('.again2'))).toBe('a/1 0');
    // A later attempt finds the names that were decided.
    await archive.place(job);
    expect(await archive.data()).toHaveLength(3);
  });
});

describe('of runs that would follow the same execution', () => {
  it('one wins, whatever they believe', async () => {
    const jobs = await Promise.all(
      ['a/1', 'b/2', 'c/3'].map((id) => archive.leavePulled(id, undefined, E1, [{ from: 0, to: 10 }])),
    );
    const results = await Promise.allSettled(jobs.map((job) => archive.decide(job)));
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'archive-overtaken' });
    await archive.place(jobs[won]!);
    const [file] = await archive.data();
    expect(await content(file!)).toBe(`${jobs[won]!.id} 0`);
    expect(await archive.data()).toHaveLength(1);
  });

  it('one that slept until the other was recorded is refused, even where the decision was pruned', async () => {
    const late = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const fast = await archive.leavePulled('b/2', undefined, E2, [{ from: 0, to: 10 }]);
    await archive.decide(fast);
    await archive.place(fast);
    await expect(archive.decide(late)).rejects.toMatchObject({ code: 'archive-overtaken' });
    await archive.store.delete(`${EXEC}/.rewind`, { recursive: true });
    await expect(archive.decide(late)).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await archive.below(`${EXEC}/.rewind`)).toEqual([]);
    expect(await archive.data()).toHaveLength(1);
  });

  it('none places anything once Camus has recorded a newer execution', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await archive.decide(job);
    await archive.store.makeDirectory(`${HISTORY}/${E2}`);
    await expect(archive.place(job)).rejects.toMatchObject({
      code: 'archive-overtaken',
      message: expect.stringContaining('void') as string,
    });
    expect(await archive.data()).toEqual([]);
  });
});
