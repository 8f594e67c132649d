// Placing files: each attempt does the same renames, done ones are recognised, and nothing is ever overwritten.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DecidedFile, Decision } from '../../../../activities/archive/decision/decision.ts';
import { placeFiles } from '../../../../activities/archive/decision/place-files.ts';
import { takenUp } from '../../../../activities/archive/decision/placing-folder.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const signal = new AbortController().signal;
const bytes = (text: string): Buffer => Buffer.from(text);

function decided(n: number): DecidedFile {
  return {
    kind: 'file',
    from: `/dest/.rewind/archive/run/data-plan/pull-${n}-a/0`,
    to: `/dest/t/hourly/2026/11/28/0${n}/t.1.0.3.${n}`,
    length: 3,
    topic: 't',
    partition: 0,
    records: 3,
    first: '0',
    next: String(n),
  };
}

const files = [1, 2, 3].map(decided);
const head = { staging: '/dest/.rewind/archive/run', execution: '2026-11-28-10-00-00', job: 'a/1' };
const decision = { head, files } as Decision;

describe('placing the files of a decision', () => {
  let store: MemoryFileStore;
  let placed: number;

  beforeEach(async () => {
    store = new MemoryFileStore();
    placed = 0;
    for (const { from } of files) await store.write(from, [bytes('abc')]);
  });
  const place = (): Promise<void> =>
    placeFiles(store, decision, { signal, progress: (count) => void (placed = Math.max(placed, count)) });
  const there = async (path: string): Promise<number | undefined> => (await store.status(path))?.length;

  it('renames each, and makes the folders', async () => {
    await place();
    expect(placed).toBe(3);
    for (const { from, to } of files) expect([await there(from), await there(to)]).toEqual([undefined, 3]);
  });

  it.each([0, 1, 2, 3])('goes on where an attempt was killed after %i renames', async (done) => {
    for (const { from, to } of files.slice(0, done)) {
      await store.makeDirectory(to.slice(0, to.lastIndexOf('/')));
      expect(await store.rename(from, to)).toBe(true);
    }
    await place();
    await place();
    for (const { to } of files) expect(await there(to)).toBe(3);
  });

  it('is done by two attempts at once as by one', async () => {
    await Promise.all([place(), place()]);
    for (const { from, to } of files) expect([await there(from), await there(to)]).toEqual([undefined, 3]);
  });

  describe('that workers of two releases pulled, into two folders', () => {
    const data = `${head.staging}/data`;
    const mixed = files.map((file, n) => (n === 1 ? { ...file, from: file.from.replace('data-plan', 'data') } : file));

    beforeEach(async () => {
      await store.delete(files[1]!.from);
      await store.write(mixed[1]!.from, [bytes('abc')]);
    });
    const placeMixed = (order: readonly DecidedFile[]): Promise<void> =>
      placeFiles(store, { head, files: [...order] } as Decision, { signal, progress: () => undefined });

    it.each([
      ['the new one', () => undefined],
      ['the old one, and places nothing', () => store.rename(data, taken())],
      [
        'the old one, and places its file',
        async () => {
          await store.rename(data, taken());
          await store.makeDirectory('/dest/t/hourly/2026/11/28/02');
          await store.rename(takenUp(head, mixed[1]!.from), mixed[1]!.to);
        },
      ],
    ])('finds each where a worker took up %s', async (_, before) => {
      await store.makeDirectory('/dest/.rewind/archive/.placing');
      await before();
      await placeMixed(mixed);
      await placeMixed(mixed.toReversed());
      for (const { from, to } of mixed) expect([await there(from), await there(to)]).toEqual([undefined, 3]);
    });

    it('leaves a file of another length, and says which is lost', async () => {
      await store.makeDirectory('/dest/.rewind/archive/.placing');
      await store.rename(data, taken());
      await store.write(files[0]!.from, [bytes('longer')], { overwrite: true });
      await expect(placeMixed(mixed)).rejects.toMatchObject({ code: 'archive-file-lost' });
      expect([await there(files[0]!.from), await there(files[0]!.to)]).toEqual([6, undefined]);
    });

    const taken = (): string => takenUp(head, mixed[1]!.from).replace(/\/pull-.*/, '');
  });

  it('never overwrites a file of another length, nor one that is there beside its source', async () => {
    const { from, to } = files[1]!;
    await store.write(to, [bytes('theirs')]);
    await expect(place()).rejects.toMatchObject({
      code: 'archive-target-exists',
      message: expect.stringContaining(to) as string,
    });
    expect([await there(takenUp(head, from)), await there(to)]).toEqual([3, 6]);
    await store.delete(to);
    await store.write(to, [bytes('xyz')]);
    await expect(place()).rejects.toMatchObject({ code: 'archive-target-exists' });
    await store.delete(to);
    await place();
    expect(await there(to)).toBe(3);
  });

  it('names a file that somebody deleted, with its offsets', async () => {
    await store.delete(files[2]!.from);
    await expect(place()).rejects.toMatchObject({
      code: 'archive-file-lost',
      message: expect.stringContaining('offsets 0 to before 3') as string,
    });
  });
});
