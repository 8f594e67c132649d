// Small files of a split are read some at a time and come in their order; what is wrong with one is told at its turn.
import { expect, it } from 'vitest';
import { SmallFilesAhead } from '../../../../activities/replay/decode/small-files-ahead.ts';
import type { FileSource } from '../../../../connections/hdfs/file-source.ts';

const file = (path: string, length: number): { path: string; length: number; modifiedAt: number } => ({
  path,
  length,
  modifiedAt: 0,
});

/** Sources whose reads end when they are let go; `calls` has what was asked of each. */
function sources(): {
  open: (of: { path: string; length: number }) => FileSource;
  calls: string[];
  letGo: (path: string, error?: Error) => void;
} {
  const calls: string[] = [];
  const waiting = new Map<string, (error?: Error) => void>();
  const untilLetGo = (path: string, count: number): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      waiting.set(path, (error) => (error === undefined ? resolve(Buffer.from(path.repeat(count))) : reject(error)));
    });
  return {
    calls,
    letGo: (path, error) => waiting.get(path)?.(error),
    open: ({ path, length }) => ({
      length,
      verify: async () => void calls.push(`verify ${path}`),
      read: (_position, count) => {
        calls.push(`read ${path}`);
        return untilLetGo(path, count);
      },
      whole: () => {
        calls.push(`whole ${path}`);
        return untilLetGo(path, length);
      },
    }),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('reads eight small files at a time, each whole and once', async () => {
  const { open, calls, letGo } = sources();
  const paths = [...'abcdefghijk'];
  const ahead = new SmallFilesAhead(
    paths.map((path) => file(path, 3)),
    open,
  );
  const first = ahead.take(0);
  await turn();
  expect(calls).toEqual(paths.slice(0, 8).map((path) => `whole ${path}`));
  letGo('b');
  letGo('a');
  await first.verify();
  expect(Buffer.from(await first.read(1, 2)).toString()).toBe('aa');
  await first.verify();
  expect(calls.filter((call) => call.endsWith(' a'))).toEqual(['whole a']);
  ahead.take(1);
  await turn();
  expect(calls).toContain('whole i');
  expect(calls).not.toContain('whole j');
  await expect(first.read(2, 2)).rejects.toThrow(RangeError);
});

it('reads a large file at its turn, as whoever takes it asks', async () => {
  const { open, calls } = sources();
  const ahead = new SmallFilesAhead([file('a', 1), file('large', 64 * 1024 + 1), file('empty', 0)], open);
  ahead.take(0);
  await turn();
  expect(calls.filter((call) => call.endsWith('large'))).toEqual([]);
  void ahead.take(1).read(5, 1);
  expect(calls).toContain('read large');
  const empty = ahead.take(2);
  await turn();
  expect(calls.filter((call) => call.endsWith('empty'))).toEqual(['whole empty']);
  void empty;
});

it('tells what is wrong with a file at its turn, and not before', async () => {
  const { open, letGo } = sources();
  const ahead = new SmallFilesAhead([file('a', 1), file('b', 1)], open);
  const first = ahead.take(0);
  await turn();
  letGo('b', new Error('b was changed'));
  letGo('a');
  expect(Buffer.from(await first.read(0, 1)).toString()).toBe('a');
  const second = ahead.take(1);
  await expect(second.verify()).rejects.toThrow('b was changed');
  await expect(second.read(0, 1)).rejects.toThrow('b was changed');
});
