// What a run that died has left: decided, it is finished by whoever comes next; undecided, it is thrown away without a trace,
// and what its worker does when it wakes keeps nobody from going on.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ArchiveFolders } from '../../../activities/archive/archive-folders.ts';
import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { discardArchive } from '../../../activities/archive/discard-archive.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { recoverArchive } from '../../../activities/archive/recover-archive.ts';
import { tidyArchive } from '../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { DEST, E1, E2, E3, EXEC, filesBelow, HISTORY, jobOf, leavePulled, type PulledRanges } from './pulled-run.ts';

const context = stepContext();
let store: MemoryFileStore;
let deps: Dependencies;

beforeEach(() => {
  store = new MemoryFileStore();
  deps = { hdfs: () => store } as unknown as Dependencies;
  return () => vi.useRealTimers();
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

describe('a run that died', () => {
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

  it('before its decision is thrown away without a trace', async () => {
    await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await recover('b/2')).toMatchObject({ discarded: 1 });
    expect([...(await data()), ...(await below(`${DEST}/.rewind`)), ...(await below(HISTORY))]).toEqual([]);
  });

  it('in the middle of putting something in place leaves nothing that stays', async () => {
    const building = `${EXEC}/.rewind/building/${E1}-0b1c`;
    for (const path of ['claims/.1-0b1c', 'decisions/.none.jsonl.0b1c', 'decisions/.none.recorded.0b1c'])
      await store.write(`${EXEC}/.rewind/${path}`, [Buffer.from('half')]);
    await store.write(`${building}/offsets-m-00000`, [Buffer.from('half')]);
    await recover('b/2');
    expect(await below(`${EXEC}/.rewind`)).toEqual([`${EXEC}/.rewind/claims/1.json`]);
    expect(await store.status(building)).toBeUndefined();
  });

  it('is left alone while it goes on', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await recover('b/2', ['a/1'])).toMatchObject({ discarded: 0 });
    expect(await decide(job)).toMatchObject({ files: 1 });
  });

  it.each([0, 1, 2])('behind its decision, after %i renames, is finished by the next run', async (renames) => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20 },
    ]);
    await decide(job);
    for (const pull of [0, 1].slice(0, renames)) {
      const next = (pull + 1) * 10;
      await store.makeDirectory(`${DEST}/t/hourly/2026/11/28/10`);
      await store.rename(
        `${new ArchiveFolders(job).attempt(pull, 'a')}/0`,
        `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.${next}.0`,
      );
    }
    expect(await recover('b/2')).toMatchObject({ finished: E1, discarded: 1 });
    expect(await data()).toHaveLength(2);
    expect(await nextOf(E1)).toBe(20n);
    // The attempt that slept finds everything done.
    expect(await below(`${DEST}/.rewind`)).toEqual([]);
    await expect(place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await data()).toHaveLength(2);
  });

  it.each([
    ['the next one', () => recover('b/2')],
    ['itself', () => discardArchive(deps)({ job: jobOf('a/1'), mayDecide: true }, context)],
  ])(
    'thrown away by %s, and decides all the same when its worker wakes, keeps no later run from going on',
    async (_, discard) => {
      const asleep = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
      const write = store.write.bind(store);
      store.write = async (path, ...rest) => {
        if (!path.includes('/decisions/')) return write(path, ...rest);
        // It sleeps here, in front of its decision: what it looked at is deleted meanwhile.
        store.write = write;
        await discard();
        return write(path, ...rest);
      };
      await decide(asleep).catch(() => undefined);
      expect(await below(`${EXEC}/.rewind/decisions`)).toEqual([`${EXEC}/.rewind/decisions/none.jsonl`]);
      const next = await pulledRun('b/2', undefined, E2, [{ from: 0, to: 10 }]);
      expect(await recover('b/2')).toMatchObject({
        finished: undefined,
        remarks: [expect.stringContaining('none.jsonl is void')],
      });
      expect(await decide(next)).toMatchObject({ files: 1, execution: E2 });
      // Whoever comes now, and would follow the same, finds what was decided.
      const late = await pulledRun('c/3', undefined, E3, [{ from: 0, to: 10 }]);
      await expect(decide(late)).rejects.toMatchObject({ code: 'archive-overtaken', facts: { winner: 'b/2' } });
      await place(next);
      await tidy(next);
      expect(await data()).toHaveLength(1);
      expect(await nextOf(E2)).toBe(10n);
      expect(await below(`${EXEC}/.rewind/discarded`)).toEqual([]);
    },
  );

  describe('thrown away, and decided all the same', () => {
    /** Leaves the decision of `a/1` in place, which has no files any more. */
    async function leaveVoid(): Promise<ArchiveFolders> {
      const asleep = await pulledRun('a/1', undefined, E1, [
        { from: 0, to: 10 },
        { from: 10, to: 20 },
      ]);
      await decide(asleep);
      await discardArchive(deps)({ job: asleep, mayDecide: true }, context);
      return new ArchiveFolders(asleep);
    }

    it.each([1, 2])(
      'stays void when %i files of the run that took its place have the names of its own',
      async (count) => {
        await leaveVoid();
        const next = await pulledRun('b/2', undefined, E2, [
          { from: 0, to: 10 },
          { from: 10, to: 20 },
          { from: 20, to: 30 },
        ]);
        await decide(next);
        const rename = store.rename.bind(store);
        let placed = 0;
        store.rename = async (from, to, ...rest) => {
          if (to.startsWith(`${DEST}/t/`) && (placed += 1) > count) throw new Error('killed');
          return rename(from, to, ...rest);
        };
        await expect(place(next)).rejects.toThrow('killed');
        store.rename = rename;
        expect(await recover('c/3')).toMatchObject({ finished: E2 });
        expect(await data()).toHaveLength(3);
        expect(await nextOf(E2)).toBe(30n);
        expect(await nextOf(E1).catch(() => undefined)).toBeUndefined();
      },
    );

    it('stays void for a week of runs and longer, as long as none follows', async () => {
      const folders = await leaveVoid();
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 86_400_000 });
      for (const id of ['b/2', 'c/3']) expect(await recover(id)).toMatchObject({ finished: undefined });
      expect(await store.status(folders.discardedRun('a/1'))).toBeDefined();
      const next = await pulledRun('c/3', undefined, E2, [{ from: 0, to: 10 }]);
      expect(await decide(next)).toMatchObject({ execution: E2 });
    });
  });

  it('and whose decided files somebody deletes, is no run that was thrown away: nothing is archived on a guess', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    await store.delete(job.staging, { recursive: true });
    await expect(recover('b/2')).rejects.toMatchObject({ code: 'archive-file-lost' });
    const next = await pulledRun('b/2', undefined, E2, [{ from: 0, to: 10 }]);
    await expect(decide(next)).rejects.toMatchObject({ code: 'archive-overtaken' });
  });

  it.each([0, 1])('and was placed up to file %i, is never void, although it was to be thrown away', async (placed) => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20 },
    ]);
    await decide(job);
    const folders = new ArchiveFolders(job);
    await store.makeDirectory(`${DEST}/t/hourly/2026/11/28/10`);
    const target = `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.${(placed + 1) * 10}.0`;
    await store.rename(`${folders.attempt(placed, 'a')}/0`, target);
    await store.write(folders.discardedRun('a/1'), []);
    await store.delete(job.staging, { recursive: true });
    await expect(recover('b/2')).rejects.toMatchObject({ code: 'archive-file-lost' });
  });

  it('is not begun anew where its execution was moved out of the history', async () => {
    const first = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(first);
    await place(first);
    const second = await pulledRun('b/2', E1, E2, [{ from: 10, to: 20 }]);
    await decide(second);
    await place(second);
    await store.delete(`${HISTORY}/${E2}`, { recursive: true });
    await expect(recover('c/3')).rejects.toMatchObject({ code: 'history-rewound' });
    const third = await pulledRun('c/3', E1, E3, [{ from: 10, to: 20 }]);
    await expect(decide(third)).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await data()).toHaveLength(2);
  });
});
