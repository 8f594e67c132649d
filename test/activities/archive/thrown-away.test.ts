// A run is thrown away while a worker that slept decides for it: either all of its files are deleted, or all are placed.
import { beforeEach, describe, expect, it } from 'vitest';
import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { discardArchive } from '../../../activities/archive/discard-archive.ts';
import { ArchiveFolders, runFolder, runsFolder } from '../../../activities/archive/archive-folders.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { recoverArchive } from '../../../activities/archive/recover-archive.ts';
import { tidyArchive } from '../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { DEST, E1, E2, EXEC, filesBelow, HISTORY, jobOf, leavePulled } from './pulled-run.ts';

const TWO_RANGES = [
  { from: 0, to: 10 },
  { from: 10, to: 20 },
];
const nobodyRuns = stepContext({ temporal: { isRunning: async () => false, keywordAttributes: async () => [] } });
let store: MemoryFileStore;
let deps: Dependencies;

beforeEach(() => {
  store = new MemoryFileStore();
  deps = { hdfs: () => store } as unknown as Dependencies;
});

const decide = (job: ArchiveJob) => decideArchive(deps)({ job }, nobodyRuns);
const place = (job: ArchiveJob) => placeArchive(deps)({ job }, nobodyRuns);
const tidy = (job: ArchiveJob) => tidyArchive(deps)({ job }, nobodyRuns);
const recover = (id: string, running: string[] = []) =>
  recoverArchive(deps)(
    { job: jobOf(id) },
    stepContext({
      temporal: {
        isRunning: async ({ workflowId, runId }) => running.includes(`${workflowId}/${runId}`),
        keywordAttributes: async () => [],
      },
    }),
  );
const leaveData = (job: ArchiveJob) => store.write(`${job.staging}/data/pull-9-z/0`, [Buffer.from('pulled')]);
const discard = (job: ArchiveJob) => discardArchive(deps)({ job, mayDecide: true }, nobodyRuns);
const data = (): Promise<string[]> => filesBelow(store, `${DEST}/t`);
const hidden = (): Promise<string[]> => filesBelow(store, `${DEST}/.rewind`);
const nextOf = async (execution: string): Promise<bigint | undefined> =>
  (await readStoredOffsets(store, `${HISTORY}/${execution}`, nobodyRuns.signal)).get('t-0')?.next;

/** Has `body` done in front of the deletion of a run's folder, for whose worker that is a long sleep. */
function inFrontOfDeleting(folder: string, body: () => Promise<unknown>): void {
  const deletion = store.delete.bind(store);
  store.delete = async (path, ...rest) => {
    if (path !== folder) return deletion(path, ...rest);
    store.delete = deletion;
    await body();
    return deletion(path, ...rest);
  };
}

/** Has `body` done when so many data files of the topic are placed. */
function whenPlaced(count: number, body: () => Promise<unknown>): void {
  const rename = store.rename.bind(store);
  let placed = 0;
  store.rename = async (from, to, ...rest) => {
    if (!to.startsWith(`${DEST}/t/`)) return rename(from, to, ...rest);
    placed += 1;
    if (placed === count + 1) await body();
    return rename(from, to, ...rest);
  };
}

describe('a run that is thrown away while its worker decides for it', () => {
  it.each([
    ['itself', (job: ArchiveJob) => discard(job)],
    ['the next one', () => recover('b/2')],
  ])('by %s, which falls asleep there, is finished whole by whoever comes then', async (_, throwAway) => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    let finishing: Promise<unknown> | undefined;
    inFrontOfDeleting(job.staging, async () => {
      await decide(job);
      // The folder is deleted when the first of its two files is placed.
      await new Promise<void>((asleep) => {
        whenPlaced(1, async () => {
          asleep();
          await thrown;
        });
        finishing = recover('c/3');
        void finishing.catch(() => asleep());
      });
    });
    const thrown = throwAway(job);
    await thrown;
    expect(await finishing).toMatchObject({ finished: E1 });
    expect(await data()).toHaveLength(2);
    expect(await nextOf(E1)).toBe(20n);
    await recover('d/4');
    expect(await hidden()).toEqual([]);
  });

  /** Has a decided run deleted just before its files are taken up. */
  async function leaveLateDeletion(): Promise<ArchiveJob> {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(job);
    const makeDirectory = store.makeDirectory.bind(store);
    store.makeDirectory = async (path, ...rest) => {
      if (path.includes('/.placing')) {
        store.makeDirectory = makeDirectory;
        await discard(job);
      }
      return makeDirectory(path, ...rest);
    };
    return job;
  }

  it('and is deleted just before its files are taken up, is nothing that has to be finished', async () => {
    await leaveLateDeletion();
    await expect(recover('b/2')).rejects.toThrow('was thrown away before any of its files was placed; trying again');
    expect(await recover('b/2')).toMatchObject({
      finished: undefined,
      remarks: [expect.stringContaining('none.jsonl is void')],
    });
    expect(await data()).toEqual([]);
  });

  it('and is deleted just before it places its files, fails for good, and the next one goes on', async () => {
    const job = await leaveLateDeletion();
    await expect(place(job)).rejects.toMatchObject({
      code: 'staging-lost',
      message: expect.stringContaining('was thrown away before any of its files was placed') as string,
    });
    await expect(place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await recover('b/2')).toMatchObject({ finished: undefined });
  });
});

describe('a run whose worker slept as it placed its void decision', () => {
  it('records nothing when the files of the one behind it have the names of its own', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(job);
    const list = store.list.bind(store);
    // It sleeps when it has read its plan and its decision.
    store.list = async function* (path, ...rest) {
      if (path === HISTORY) {
        store.list = list;
        await discard(job);
        const next = await leavePulled(store, 'b/2', undefined, E2, [...TWO_RANGES, { from: 20, to: 30 }]);
        await decide(next);
        whenPlaced(2, () => Promise.reject(new Error('killed')));
        await expect(place(next)).rejects.toThrow('killed');
      }
      yield* list(path, ...rest);
    };
    await expect(place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await store.status(`${HISTORY}/${E1}`)).toBeUndefined();
    expect(await recover('c/3')).toMatchObject({ finished: E2 });
    expect(await nextOf(E2)).toBe(30n);
  });
});

describe('a run that is thrown away without being remembered', () => {
  const discardUnmarked = (job: ArchiveJob) => discardArchive(deps)({ job }, nobodyRuns);

  it('is deleted with its folder, and leaves nothing', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, []);
    await discardUnmarked(job);
    await discardUnmarked(job);
    expect(await store.status(job.staging)).toBeUndefined();
    expect(await filesBelow(store, EXEC)).toEqual([]);
  });

  it('keeps what was pulled meanwhile, since it was reset: the next one throws that away', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await discardUnmarked(job);
    expect(await decide(job)).toMatchObject({ files: 2 });
    await place(job);
    expect(await data()).toHaveLength(2);
  });

  it.each([0, 1])('keeps what comes while its worker sleeps in front of deletion %i', async (awake) => {
    const job = await leavePulled(store, 'a/1', undefined, E1, []);
    const deletion = store.delete.bind(store);
    let deletions = 0;
    store.delete = async (path, ...rest) => {
      if (deletions++ === awake) await leaveData(job);
      return deletion(path, ...rest);
    };
    await discardUnmarked(job).catch(() => undefined);
    expect(await filesBelow(store, `${job.staging}/data`)).toHaveLength(1);
  });
});

describe('a decision that is finished by another run', () => {
  it('takes no files of its run that came since that was reset', async () => {
    const first = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(first);
    await store.delete(first.staging, { recursive: true });
    const again = await leavePulled(store, 'a/1', undefined, E2, TWO_RANGES, 'b');
    const pulled = await filesBelow(store, `${again.staging}/data`);
    await expect(recover('b/2', ['a/1'])).rejects.toMatchObject({ code: 'archive-file-lost' });
    expect(await filesBelow(store, `${again.staging}/data`)).toEqual(pulled);
  });

  it('takes none of a later life, though it slept when it had seen the files of its own', async () => {
    const first = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES, 'a', 'one');
    await decide(first);
    const rename = store.rename.bind(store);
    store.rename = async (from, to, ...rest) => {
      if (!to.includes('/.placing/')) return rename(from, to, ...rest);
      store.rename = rename;
      expect(await recover('b/2')).toMatchObject({ finished: E1 });
      const again = await leavePulled(store, 'a/1', E1, E2, [{ from: 20, to: 30 }], 'b', 'two');
      await decide(again);
      return rename(from, to, ...rest);
    };
    await place(first);
    expect(await recover('c/3')).toMatchObject({ finished: E2 });
    expect(await data()).toHaveLength(3);
    expect(await nextOf(E2)).toBe(30n);
  });

  it('is placed whole where workers of an older release pulled a part of it', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES, 'a');
    await store.delete(new ArchiveFolders(job).plan);
    const theirs = TWO_RANGES.map((range) => ({ ...range, lost: true as const }));
    await leavePulled(store, 'a/1', undefined, E1, [...theirs, { from: 20, to: 30 }], 'b', 'one');
    expect(await decide(job)).toMatchObject({ files: 3 });
    await place(job);
    expect(await data()).toHaveLength(3);
  });

  it('leaves nothing of a run that had decided nothing below an earlier DEST', async () => {
    await recover('a/1');
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES, 'a', 'one');
    await leaveData(job);
    const elsewhere = { ...jobOf('b/2'), dest: '/elsewhere', staging: runFolder('/elsewhere', EXEC, 'b/2') };
    const deletion = store.delete.bind(store);
    store.delete = (path, ...rest) => {
      store.delete = deletion;
      return path === job.staging ? Promise.reject(new Error('killed')) : deletion(path, ...rest);
    };
    await recoverArchive(deps)({ job: elsewhere }, nobodyRuns).catch(() => undefined);
    await recoverArchive(deps)({ job: elsewhere }, nobodyRuns);
    expect(await hidden()).toEqual([]);
    expect(await filesBelow(store, `${EXEC}/.rewind/claims`)).toHaveLength(1);
  });

  it('leaves nothing of it below an earlier DEST, wherever the one before was killed', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await leaveData(job); // of a range that was cut
    await decide(job);
    const elsewhere = { ...jobOf('b/2'), dest: '/elsewhere', staging: runFolder('/elsewhere', EXEC, 'b/2') };
    const finish = () => recoverArchive(deps)({ job: elsewhere }, nobodyRuns);
    whenPlaced(1, () => Promise.reject(new Error('killed')));
    await expect(finish()).rejects.toThrow('killed');
    expect(await finish()).toMatchObject({ finished: E1 });
    expect(await data()).toHaveLength(2);
    expect((await hidden()).filter((path) => path.includes('placing') || path.includes('/data/'))).toEqual([]);
  });

  it('needs no rights on what another archive below the same DEST has made', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(job);
    const own = runsFolder(DEST, EXEC);
    const makeDirectory = store.makeDirectory.bind(store);
    store.makeDirectory = async (path, ...rest) => {
      if (path.startsWith(`${DEST}/.rewind/`) && !path.startsWith(`${own}/`)) throw new Error(`no right on ${path}`);
      return makeDirectory(path, ...rest);
    };
    await place(job);
    expect(await data()).toHaveLength(2);
    expect(await recover('b/2')).toMatchObject({ remarks: [] });
  });
});

describe('a run that failed as it decided, and is reset', () => {
  it('places what it decides now, though a worker of its first life has decided meanwhile', async () => {
    const first = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(first);
    await discard(first);
    const again = await leavePulled(store, 'a/1', undefined, E2, [{ from: 0, to: 30 }], 'b');
    expect(await decide(again)).toMatchObject({ execution: E2, records: '30' });
    await place(again);
    await tidy(again);
    expect(await data()).toHaveLength(1);
    expect(await nextOf(E2)).toBe(30n);
    expect(await hidden()).toEqual([]);
  });
});
