// Small files of a split are read some at a time, looked at together and come in their order; what is wrong with one is
// told at its turn.
import { expect, it } from 'vitest';
import { SmallFilesAhead, type LookAtFiles } from '../../../../activities/replay/decode/small-files-ahead.ts';
import type { FileSource } from '../../../../connections/hdfs/file-source.ts';

const file = (path: string, length: number): { path: string; length: number; modifiedAt: number } => ({
  path,
  length,
  modifiedAt: 0,
});

/** Sources whose reads end when they are let go, and looks that find all but `gone`; `calls` has what was asked, in turn. */
function sources(): {
  open: (of: { path: string; length: number }) => FileSource;
  look: LookAtFiles;
  calls: string[];
  gone: Set<string>;
  letGo: (path: string, error?: Error) => void;
} {
  const calls: string[] = [];
  const gone = new Set<string>();
  const waiting = new Map<string, (error?: Error) => void>();
  const untilLetGo = (path: string, count: number): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const bytes = Buffer.from(path.slice(-1).repeat(count));
      waiting.set(path, (error) => (error === undefined ? resolve(bytes) : reject(error)));
    });
  return {
    calls,
    gone,
    letGo: (path, error) => {
      waiting.get(path)!(error);
      waiting.delete(path);
    },
    look: async (folder, names) => {
      calls.push(`look ${folder} ${names.join('')}`);
      const there = names.filter((name) => !gone.has(name));
      return new Map(there.map((name) => [name, { ...file(`${folder}/${name}`, 0), kind: 'file' as const }]));
    },
    open: ({ path, length }) => ({
      length,
      verify: async () => void calls.push(`verify ${path}`),
      read: (_position, count) => {
        calls.push(`read ${path}`);
        return untilLetGo(path, count);
      },
      readAll: () => {
        calls.push(`all of ${path}`);
        return untilLetGo(path, length);
      },
      assertListed: (found) => {
        if (found?.path !== path) throw new Error(`${path} was changed`);
      },
    }),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const paths = (names: string, folder = '/d'): string[] => [...names].map((name) => `${folder}/${name}`);

it('reads eight small files at a time, each whole and once, and looks at all of them behind', async () => {
  const { open, look, calls, letGo } = sources();
  const all = paths('abcdefghij');
  const ahead = new SmallFilesAhead(
    all.map((path) => file(path, 3)),
    open,
    look,
  );
  const first = ahead.take(0);
  await turn();
  expect(calls).toEqual(all.slice(0, 8).map((path) => `all of ${path}`));
  letGo('/d/c');
  await turn();
  expect(calls.slice(8)).toEqual(['all of /d/i']);
  let isThere = false;
  void first.verify().then(() => (isThere = true));
  for (const name of 'abdefghi') letGo(`/d/${name}`);
  await turn();
  // What is not looked at yet is not given either.
  expect([isThere, calls.slice(9)]).toEqual([false, ['all of /d/j']]);
  letGo('/d/j');
  await first.verify();
  expect(calls.slice(10)).toEqual(['look /d abcdefghij']);
  expect(Buffer.from(await first.read(1, 2)).toString()).toBe('aa');
  await expect(first.read(2, 2)).rejects.toThrow(RangeError);
  for (let index = 1; index < 10; index += 1) await ahead.take(index).verify();
  expect(calls).toHaveLength(11);
});

it('looks at the files of each folder by themselves, and reads the next ones meanwhile', async () => {
  const { open, look, calls, letGo } = sources();
  const all = [...paths('ab', '/d'), ...paths('cd', '/e')];
  const ahead = new SmallFilesAhead(
    all.map((path) => file(path, 1)),
    open,
    look,
  );
  const first = ahead.take(0);
  await turn();
  expect(calls).toEqual(all.map((path) => `all of ${path}`));
  for (const path of all.slice(0, 2)) letGo(path);
  await first.verify();
  expect(calls.slice(4)).toEqual(['look /d ab']);
  for (const path of all.slice(2)) letGo(path);
  await turn();
  expect(calls.slice(5)).toEqual(['look /e cd']);
});

it('begins no more than two groups, however many files there are', async () => {
  const { open, look, calls, letGo } = sources();
  const files = Array.from({ length: 2_000 }, (_, index) => file(`/d/${index}`, 0));
  const ahead = new SmallFilesAhead(files, open, look);
  const read = (): number => calls.filter((call) => call.startsWith('all of')).length;
  const goOn = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index += 1) {
      letGo(`/d/${index}`);
      await turn();
    }
  };
  const first = ahead.take(0);
  await goOn(0, 1_000);
  await first.verify();
  expect([read(), calls.filter((call) => call.startsWith('look')).length]).toEqual([1_000, 2]);
  ahead.take(499);
  await turn();
  expect(read()).toBe(1_000);
  ahead.take(500);
  await turn();
  expect(read()).toBe(1_008);
});

it('holds no more than some megabytes of a group', async () => {
  const { open, look, calls } = sources();
  const files = [...'abcdefghi'].map((name) => file(`/d/${name}`, 64 * 1024));
  const ahead = new SmallFilesAhead(
    Array.from({ length: 1_000 }, (_, index) => ({ ...files[index % 9]!, path: `/d/${index}` })),
    (of) => ({ ...open(of), readAll: async () => (calls.push('all of'), new Uint8Array(of.length)) }),
    look,
  );
  ahead.take(0);
  await turn();
  await turn();
  expect(calls.filter((call) => call === 'all of').length).toBe(128);
});

it('reads a large file at its turn, as whoever takes it asks', async () => {
  const { open, look, calls, letGo } = sources();
  const files = [file('/d/a', 1), file('/d/large', 64 * 1024 + 1), file('/d/empty', 0)];
  const ahead = new SmallFilesAhead(files, open, look);
  ahead.take(0);
  await turn();
  expect(calls).toEqual(['all of /d/a', 'all of /d/empty']);
  void ahead.take(1).read(5, 1);
  expect(calls.slice(2)).toEqual(['read /d/large']);
  letGo('/d/empty');
  await ahead.take(2).verify();
  expect(calls.slice(3)).toEqual(['look /d empty']);
});

it('tells what is wrong with a file at its turn, and not before', async () => {
  const { open, look, letGo, gone } = sources();
  const ahead = new SmallFilesAhead(
    paths('abc').map((path) => file(path, 1)),
    open,
    look,
  );
  const first = ahead.take(0);
  await turn();
  gone.add('c');
  letGo('/d/b', new Error('b is lost'));
  letGo('/d/a');
  letGo('/d/c');
  expect(Buffer.from(await first.read(0, 1)).toString()).toBe('a');
  const second = ahead.take(1);
  await expect(second.verify()).rejects.toThrow('b is lost');
  await expect(second.read(0, 1)).rejects.toThrow('b is lost');
  await expect(ahead.take(2).read(0, 1)).rejects.toThrow('/d/c was changed');
});

it('gives nothing that could not be looked at', async () => {
  const { open, letGo } = sources();
  const away = (): Promise<never> => Promise.reject(new Error('the NameNode is away'));
  const ahead = new SmallFilesAhead([file('/d/a', 1)], open, away);
  const first = ahead.take(0);
  await turn();
  letGo('/d/a');
  await expect(first.read(0, 1)).rejects.toThrow('the NameNode is away');
});
