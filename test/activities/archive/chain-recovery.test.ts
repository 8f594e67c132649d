// What a run that died has left: decided, it is finished by whoever comes next; undecided, it is thrown away without a trace,
// and what its worker does when it wakes keeps nobody from going on.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ArchiveFolders } from '../../../activities/archive/archive-folders.ts';
import { MemoryArchive } from './memory-archive.ts';
import { DEST, E1, E2, E3, EXEC, HISTORY, jobOf } from './pulled-run.ts';

let archive: MemoryArchive;

beforeEach(() => {
  archive = new MemoryArchive();
  return () => vi.useRealTimers();
});

describe('a run that died', () => {
  it('before its decision is thrown away without a trace', async () => {
    await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await archive.recover('b/2')).toMatchObject({ discarded: 1 });
    expect([
      ...(await archive.data()),
      ...(await archive.below(`${DEST}/.rewind`)),
      ...(await archive.below(HISTORY)),
    ]).toEqual([]);
  });

  it('in the middle of putting something in place leaves nothing that stays', async () => {
    const building = `${EXEC}/.rewind/building/${E1}-0b1c`;
    for (const path of ['claims/.1-0b1c', 'decisions/.none.jsonl.0b1c', 'decisions/.none.recorded.0b1c'])
      await archive.store.write(`${EXEC}/.rewind/${path}`, [Buffer.from('half')]);
    await archive.store.write(`${building}/offsets-m-00000`, [Buffer.from('half')]);
    await archive.recover('b/2');
    const left = ['claims/1.json', 'exec-of-history.json'].map((path) => `${EXEC}/.rewind/${path}`);
    expect(await archive.below(`${EXEC}/.rewind`)).toEqual(left);
    expect(await archive.store.status(building)).toBeUndefined();
  });

  it('is left alone while it goes on', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await archive.recover('b/2', ['a/1'])).toMatchObject({ discarded: 0 });
    expect(await archive.decide(job)).toMatchObject({ files: 1 });
  });

  it.each([0, 1, 2])('behind its decision, after %i renames, is finished by the next run', async (renames) => {
    const job = await archive.leavePulled('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20 },
    ]);
    await archive.decide(job);
    for (const pull of [0, 1].slice(0, renames)) {
      const next = (pull + 1) * 10;
      await archive.store.makeDirectory(`${DEST}/t/hourly/2026/11/28/10`);
      await archive.store.rename(
        `${new ArchiveFolders(job).attempt(pull, 'a')}/0`,
        `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.${next}.0`,
      );
    }
    expect(await archive.recover('b/2')).toMatchObject({ finished: E1, discarded: 1 });
    expect(await archive.data()).toHaveLength(2);
    expect(await archive.nextOf(E1)).toBe(20n);
    // The attempt that slept finds everything done.
    expect(await archive.below(`${DEST}/.rewind`)).toEqual([]);
    await expect(archive.place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await archive.data()).toHaveLength(2);
  });

  it.each([
    ['the next one', () => archive.recover('b/2')],
    ['itself', () => archive.discard(jobOf('a/1'))],
  ])(
    'thrown away by %s, and decides all the same when its worker wakes, keeps no later run from going on',
    async (_, discard) => {
      const asleep = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
      const write = archive.store.write.bind(archive.store);
      archive.store.write = async (path, ...rest) => {
        if (!path.includes('/decisions/')) return write(path, ...rest);
        // It sleeps here, in front of its decision: what it looked at is deleted meanwhile.
        archive.store.write = write;
        await discard();
        return write(path, ...rest);
      };
      await archive.decide(asleep).catch(() => undefined);
      expect(await archive.below(`${EXEC}/.rewind/decisions`)).toEqual([`${EXEC}/.rewind/decisions/none.jsonl`]);
      const next = await archive.leavePulled('b/2', undefined, E2, [{ from: 0, to: 10 }]);
      expect(await archive.recover('b/2')).toMatchObject({
        finished: undefined,
        remarks: [expect.stringContaining('none.jsonl is void')],
      });
      expect(await archive.decide(next)).toMatchObject({ files: 1, execution: E2 });
      // Whoever comes now, and would follow the same, finds what was decided.
      const late = await archive.leavePulled('c/3', undefined, E3, [{ from: 0, to: 10 }]);
      await expect(archive.decide(late)).rejects.toMatchObject({ code: 'archive-overtaken', facts: { winner: 'b/2' } });
      await archive.place(next);
      await archive.tidy(next);
      expect(await archive.data()).toHaveLength(1);
      expect(await archive.nextOf(E2)).toBe(10n);
      expect(await archive.below(`${EXEC}/.rewind/discarded`)).toEqual([]);
    },
  );

  describe('thrown away, and decided all the same', () => {
    /** Leaves the decision of `a/1` in place, which has no files any more. */
    async function leaveVoid(): Promise<ArchiveFolders> {
      const asleep = await archive.leavePulled('a/1', undefined, E1, [
        { from: 0, to: 10 },
        { from: 10, to: 20 },
      ]);
      await archive.decide(asleep);
      await archive.discard(asleep);
      return new ArchiveFolders(asleep);
    }

    it.each([1, 2])(
      'stays void when %i files of the run that took its place have the names of its own',
      async (count) => {
        await leaveVoid();
        const next = await archive.leavePulled('b/2', undefined, E2, [
          { from: 0, to: 10 },
          { from: 10, to: 20 },
          { from: 20, to: 30 },
        ]);
        await archive.decide(next);
        const rename = archive.store.rename.bind(archive.store);
        let placed = 0;
        archive.store.rename = async (from, to, ...rest) => {
          if (to.startsWith(`${DEST}/t/`) && (placed += 1) > count) throw new Error('killed');
          return rename(from, to, ...rest);
        };
        await expect(archive.place(next)).rejects.toThrow('killed');
        archive.store.rename = rename;
        expect(await archive.recover('c/3')).toMatchObject({ finished: E2 });
        expect(await archive.data()).toHaveLength(3);
        expect(await archive.nextOf(E2)).toBe(30n);
        expect(await archive.nextOf(E1).catch(() => undefined)).toBeUndefined();
      },
    );

    it('stays void for a week of runs and longer, as long as none follows', async () => {
      const folders = await leaveVoid();
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 86_400_000 });
      for (const id of ['b/2', 'c/3']) expect(await archive.recover(id)).toMatchObject({ finished: undefined });
      expect(await archive.store.status(folders.discardedRun('a/1'))).toBeDefined();
      const next = await archive.leavePulled('c/3', undefined, E2, [{ from: 0, to: 10 }]);
      expect(await archive.decide(next)).toMatchObject({ execution: E2 });
    });
  });

  it('and whose decided files somebody deletes, is no run that was thrown away: nothing is archived on a guess', async () => {
    const job = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await archive.decide(job);
    await archive.store.delete(job.staging, { recursive: true });
    await expect(archive.recover('b/2')).rejects.toMatchObject({ code: 'archive-file-lost' });
    const next = await archive.leavePulled('b/2', undefined, E2, [{ from: 0, to: 10 }]);
    await expect(archive.decide(next)).rejects.toMatchObject({ code: 'archive-overtaken' });
  });

  it.each([0, 1])('and was placed up to file %i, is never void, although it was to be thrown away', async (placed) => {
    const job = await archive.leavePulled('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20 },
    ]);
    await archive.decide(job);
    const folders = new ArchiveFolders(job);
    await archive.store.makeDirectory(`${DEST}/t/hourly/2026/11/28/10`);
    const target = `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.${(placed + 1) * 10}.0`;
    await archive.store.rename(`${folders.attempt(placed, 'a')}/0`, target);
    await archive.store.write(folders.discardedRun('a/1'), []);
    await archive.store.delete(job.staging, { recursive: true });
    await expect(archive.recover('b/2')).rejects.toMatchObject({ code: 'archive-file-lost' });
  });

  it('is not begun anew where its execution was moved out of the history', async () => {
    const first = await archive.leavePulled('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await archive.decide(first);
    await archive.place(first);
    const second = await archive.leavePulled('b/2', E1, E2, [{ from: 10, to: 20 }]);
    await archive.decide(second);
    await archive.place(second);
    await archive.store.delete(`${HISTORY}/${E2}`, { recursive: true });
    await expect(archive.recover('c/3')).rejects.toMatchObject({ code: 'history-rewound' });
    const third = await archive.leavePulled('c/3', E1, E3, [{ from: 10, to: 20 }]);
    await expect(archive.decide(third)).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await archive.data()).toHaveLength(2);
  });
});
