// Proves that a file which somebody still writes is told from a whole one however long it has been open: its length and its
// time say nothing of that.
import { expect, it } from 'vitest';
import { UnfinishedFiles } from '../../../../activities/replay/manifest/unfinished-files.ts';
import type { FileStatus } from '../../../../connections/hdfs/file-store.ts';
import { nifi } from '../../../../layouts/nifi/nifi-layout.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const WEEK = 7 * 24 * 3_600_000;

const file = (name: string, length = 40): FileStatus => ({
  path: `/edl/t/${name}`,
  kind: 'file',
  length,
  modifiedAt: Date.now() - WEEK,
});

function storeThat(tells: (path: string) => boolean | undefined): { store: MemoryFileStore; asked: string[] } {
  const store = new MemoryFileStore();
  const asked: string[] = [];
  store.isBeingWritten = async (path) => {
    asked.push(path);
    return tells(path);
  };
  return { store, asked };
}

it('a file that has been open for a week is left out', async () => {
  const { store } = storeThat((path) => path.endsWith('/b'));
  const files = [file('a'), file('b'), file('c')];
  const open = await new UnfinishedFiles(store, nifi, 't').open(files, new AbortController().signal);
  expect([...open]).toEqual([files[1]]);
});

it('a server that does not tell is not asked about millions, and that it does not is said', async () => {
  const { store, asked } = storeThat(() => undefined);
  const unfinished = new UnfinishedFiles(store, nifi, 't');
  const files = Array.from({ length: 1_000 }, (_, n) => file(`f${n}`));
  expect((await unfinished.open(files, new AbortController().signal)).size).toBe(0);
  expect(asked.length).toBeLessThan(200);
  expect(unfinished.remarks()).toEqual([expect.stringMatching(/^of 1000 files .* does not tell whether/)]);
});

it('one file that vanishes meanwhile does not make the server one that does not tell', async () => {
  const { store, asked } = storeThat((path) => (path.endsWith('/f0') ? false : undefined));
  const files = Array.from({ length: 1_000 }, (_, n) => file(`f${n}`));
  await new UnfinishedFiles(store, nifi, 't').open(files, new AbortController().signal);
  expect(asked).toHaveLength(1_000);
});
