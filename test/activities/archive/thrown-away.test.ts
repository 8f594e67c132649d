// A run is thrown away while a worker that slept decides for it: either all of its files are deleted, or all are placed.
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFolders, runFolder, runsFolder } from '../../../activities/archive/archive-folders.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { MemoryArchive } from './memory-archive.ts';
import { DEST, E1, E2, EXEC, HISTORY, jobOf } from './pulled-run.ts';

const TWO_RANGES = [
  { from: 0, to: 10 },
  { from: 10, to: 20 },
];
let archive: MemoryArchive;

beforeEach(() => {
  archive = new MemoryArchive();
});

const leaveData = (job: ArchiveJob) => archive.store.write(`${job.staging}/data/pull-9-z/0`, [Buffer.from('pulled')]);
const hidden = (): Promise<string[]> => archive.below(`${DEST}/.rewind`);

/** Has `body` done in front of the deletion of a run's folder, for whose worker that is a long sleep. */
function inFrontOfDeleting(folder: string, body: () => Promise<unknown>): void {
  const deletion = archive.store.delete.bind(archive.store);
  archive.store.delete = async (path, ...rest) => {
    if (path !== folder) return deletion(path, ...rest);
    archive.store.delete = deletion;
    await body();
    return deletion(path, ...rest);
  };
}

/** Has `body` done when so many data files of the topic are placed. */
function whenPlaced(count: number, body: () => Promise<unknown>): void {
  const rename = archive.store.rename.bind(archive.store);
  let placed = 0;
  archive.store.rename = async (from, to, ...rest) => {
    if (!to.startsWith(`${DEST}/t/`)) return rename(from, to, ...rest);
    placed += 1;
    if (placed === count + 1) await body();
    return rename(from, to, ...rest);
  };
}

describe('a run that is thrown away while its worker decides for it', () => {
  it.each([
    ['itself', (job: ArchiveJob) => archive.discard(job)],
    ['the next one', () => archive.recover('b/2')],
  ])('by %s, which falls asleep there, is finished whole by whoever comes then', async (_, throwAway) => {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    let finishing: Promise<unknown> | undefined;
    inFrontOfDeleting(job.staging, async () => {
      await archive.decide(job);
      // The folder is deleted when the first of its two files is placed.
      await new Promise<void>((asleep) => {
        whenPlaced(1, async () => {
          asleep();
          await thrown;
        });
        finishing = archive.recover('c/3');
        void finishing.catch(() => asleep());
      });
    });
    const thrown = throwAway(job);
    await thrown;
    expect(await finishing).toMatchObject({ finished: E1 });
    expect(await archive.data()).toHaveLength(2);
    expect(await archive.nextOf(E1)).toBe(20n);
    await archive.recover('d/4');
    expect(await hidden()).toEqual([]);
  });

  /** Has a decided run deleted just before its files are taken up. */
  async function leaveLateDeletion(): Promise<ArchiveJob> {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await archive.decide(job);
    const makeDirectory = archive.store.makeDirectory.bind(archive.store);
    archive.store.makeDirectory = async (path, ...rest) => {
      if (path.includes('/.placing')) {
        archive.store.makeDirectory = makeDirectory;
        await archive.discard(job);
      }
      return makeDirectory(path, ...rest);
    };
    return job;
  }

  it('and is deleted just before its files are taken up, is nothing that has to be finished', async () => {
    await leaveLateDeletion();
    await expect(archive.recover('b/2')).rejects.toThrow(
      'was thrown away before any of its files was placed; trying again',
    );
    expect(await archive.recover('b/2')).toMatchObject({
      finished: undefined,
      remarks: [expect.stringContaining('none.jsonl is void')],
    });
    expect(await archive.data()).toEqual([]);
  });

  it('and is deleted just before it places its files, fails for good, and the next one goes on', async () => {
    const job = await leaveLateDeletion();
    await expect(archive.place(job)).rejects.toMatchObject({
      code: 'staging-lost',
      message: expect.stringContaining('was thrown away before any of its files was placed') as string,
    });
    await expect(archive.place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await archive.recover('b/2')).toMatchObject({ finished: undefined });
  });
});

describe('a run whose worker slept as it placed its void decision', () => {
  it('records nothing when the files of the one behind it have the names of its own', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await archive.decide(job);
    const list = archive.store.list.bind(archive.store);
    // It sleeps when it has read its plan and its decision.
    archive.store.list = async function* (path, ...rest) {
      if (path === HISTORY) {
        archive.store.list = list;
        await archive.discard(job);
        const next = await archive.leavePulled('b/2', undefined, E2, [...TWO_RANGES, { from: 20, to: 30 }]);
        await archive.decide(next);
        whenPlaced(2, () => Promise.reject(new Error('killed')));
        await expect(archive.place(next)).rejects.toThrow('killed');
      }
      yield* list(path, ...rest);
    };
    await expect(archive.place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await archive.store.status(`${HISTORY}/${E1}`)).toBeUndefined();
    expect(await archive.recover('c/3')).toMatchObject({ finished: E2 });
    expect(await archive.nextOf(E2)).toBe(30n);
  });
});

describe('a run that is thrown away without being remembered', () => {
  it('is deleted with its folder, and leaves nothing', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, []);
    await archive.discard(job, false);
    await archive.discard(job, false);
    expect(await archive.store.status(job.staging)).toBeUndefined();
    expect(await archive.below(EXEC)).toEqual([]);
  });

  it('keeps what was pulled meanwhile, since it was reset: the next one throws that away', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await archive.discard(job, false);
    expect(await archive.decide(job)).toMatchObject({ files: 2 });
    await archive.place(job);
    expect(await archive.data()).toHaveLength(2);
  });

  it.each([0, 1])('keeps what comes while its worker sleeps in front of deletion %i', async (awake) => {
    const job = await archive.leavePulled('a/1', undefined, E1, []);
    const deletion = archive.store.delete.bind(archive.store);
    let deletions = 0;
    archive.store.delete = async (path, ...rest) => {
      if (deletions++ === awake) await leaveData(job);
      return deletion(path, ...rest);
    };
    await archive.discard(job, false).catch(() => undefined);
    expect(await archive.below(`${job.staging}/data`)).toHaveLength(1);
  });
});

describe('a decision that is finished by another run', () => {
  it('takes no files of its run that came since that was reset', async () => {
    const first = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await archive.decide(first);
    await archive.store.delete(first.staging, { recursive: true });
    const again = await archive.leavePulled('a/1', undefined, E2, TWO_RANGES, 'b');
    const pulled = await archive.below(`${again.staging}/data`);
    await expect(archive.recover('b/2', ['a/1'])).rejects.toMatchObject({ code: 'archive-file-lost' });
    expect(await archive.below(`${again.staging}/data`)).toEqual(pulled);
  });

  it('takes none of a later life, though it slept when it had seen the files of its own', async () => {
    const first = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES, 'a', 'one');
    await archive.decide(first);
    const rename = archive.store.rename.bind(archive.store);
    archive.store.rename = async (from, to, ...rest) => {
      if (!to.includes('/.placing/')) return rename(from, to, ...rest);
      archive.store.rename = rename;
      expect(await archive.recover('b/2')).toMatchObject({ finished: E1 });
      const again = await archive.leavePulled('a/1', E1, E2, [{ from: 20, to: 30 }], 'b', 'two');
      await archive.decide(again);
      return rename(from, to, ...rest);
    };
    await archive.place(first);
    expect(await archive.recover('c/3')).toMatchObject({ finished: E2 });
    expect(await archive.data()).toHaveLength(3);
    expect(await archive.nextOf(E2)).toBe(30n);
  });

  it('is placed whole where workers of an older release pulled a part of it', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES, 'a');
    await archive.store.delete(new ArchiveFolders(job).plan);
    const theirs = TWO_RANGES.map((range) => ({ ...range, lost: true as const }));
    await archive.leavePulled('a/1', undefined, E1, [...theirs, { from: 20, to: 30 }], 'b', 'one');
    expect(await archive.decide(job)).toMatchObject({ files: 3 });
    await archive.place(job);
    expect(await archive.data()).toHaveLength(3);
  });

  it('leaves nothing of a run that had decided nothing below an earlier DEST', async () => {
    await archive.recover('a/1');
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES, 'a', 'one');
    await leaveData(job);
    const elsewhere = { ...jobOf('b/2'), dest: '/elsewhere', staging: runFolder('/elsewhere', EXEC, 'b/2') };
    const deletion = archive.store.delete.bind(archive.store);
    archive.store.delete = (path, ...rest) => {
      archive.store.delete = deletion;
      return path === job.staging ? Promise.reject(new Error('killed')) : deletion(path, ...rest);
    };
    await archive.recover('b/2', [], elsewhere).catch(() => undefined);
    await archive.recover('b/2', [], elsewhere);
    expect(await hidden()).toEqual([]);
    expect(await archive.below(`${EXEC}/.rewind/claims`)).toHaveLength(1);
  });

  it('leaves nothing of it below an earlier DEST, wherever the one before was killed', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await leaveData(job); // of a range that was cut
    await archive.decide(job);
    const elsewhere = { ...jobOf('b/2'), dest: '/elsewhere', staging: runFolder('/elsewhere', EXEC, 'b/2') };
    const finish = () => archive.recover('b/2', [], elsewhere);
    whenPlaced(1, () => Promise.reject(new Error('killed')));
    await expect(finish()).rejects.toThrow('killed');
    expect(await finish()).toMatchObject({ finished: E1 });
    expect(await archive.data()).toHaveLength(2);
    expect((await hidden()).filter((path) => path.includes('placing') || path.includes('/data/'))).toEqual([]);
  });

  it('needs no rights on what another archive below the same DEST has made', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await archive.decide(job);
    const own = runsFolder(DEST, EXEC);
    const makeDirectory = archive.store.makeDirectory.bind(archive.store);
    archive.store.makeDirectory = async (path, ...rest) => {
      if (path.startsWith(`${DEST}/.rewind/`) && !path.startsWith(`${own}/`)) throw new Error(`no right on ${path}`);
      return makeDirectory(path, ...rest);
    };
    await archive.place(job);
    expect(await archive.data()).toHaveLength(2);
    expect(await archive.recover('b/2')).toMatchObject({ remarks: [] });
  });
});

describe('a run that failed as it decided, and is reset', () => {
  it('places what it decides now, though a worker of its first life has decided meanwhile', async () => {
    const first = await archive.leavePulled('a/1', undefined, E1, TWO_RANGES);
    await archive.decide(first);
    await archive.discard(first);
    const again = await archive.leavePulled('a/1', undefined, E2, [{ from: 0, to: 30 }], 'b');
    expect(await archive.decide(again)).toMatchObject({ execution: E2, records: '30' });
    await archive.place(again);
    await archive.tidy(again);
    expect(await archive.data()).toHaveLength(1);
    expect(await archive.nextOf(E2)).toBe(30n);
    expect(await hidden()).toEqual([]);
  });
});
