// A name that somebody has stays his: topics that were made anew, or whose names differ by a dot, come to the same names.
import { beforeEach, expect, it } from 'vitest';
import type { DecidedFile } from '../../../../activities/archive/decision/decision.ts';
import { takenName, withFreeNames } from '../../../../activities/archive/decision/free-names.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

let store: MemoryFileStore;
beforeEach(() => {
  store = new MemoryFileStore();
});

const NAME = '/dest/t/t.1.0.10.10.0';

async function namesOf(targets: readonly string[], extension = '', apart?: true): Promise<string[]> {
  const files = targets.map((to, n) => ({
    kind: 'file' as const,
    ...{ from: `/staging/${n}`, to, length: 1, topic: 't', partition: 0, records: 10, first: '0', next: '10' },
    ...(apart && { apart }),
  })) satisfies DecidedFile[];
  const watch = { signal: new AbortController().signal, progress: () => undefined };
  const named = await withFreeNames(store, files, extension, watch);
  expect(named.map(({ from }) => from).sort()).toEqual(files.map(({ from }) => from));
  return named.map(({ to }) => to).sort();
}

it('leaves a name as it is that nobody has', async () => {
  expect(await namesOf([NAME])).toEqual([NAME]);
});

it('passes over names that are taken', async () => {
  for (const path of [NAME, `${NAME}.again1`]) await store.write(path, [Buffer.from('another life')]);
  expect(await namesOf([NAME])).toEqual([`${NAME}.again2`]);
});

it('gives no name twice within a run', async () => {
  expect(await namesOf([NAME, NAME, NAME])).toEqual([NAME, `${NAME}.again1`, `${NAME}.again2`]);
});

it('leaves at the end what tells a reader the codec', async () => {
  await store.write(`${NAME}.gz`, [Buffer.from('another life')]);
  expect(await namesOf([`${NAME}.gz`], '.gz')).toEqual([`${NAME}.again1.gz`]);
});

it('leaves that of bad records at theirs, whatever the others are', async () => {
  await store.write(`${NAME}.avro`, [Buffer.from('another life')]);
  expect(await namesOf([`${NAME}.avro`], '.gz', true)).toEqual([`${NAME}.again1.avro`]);
});

it.each([
  [NAME, undefined],
  [`${NAME}.avro`, undefined],
  [`${NAME}.again1`, NAME],
  [`${NAME}.again12.avro`, `${NAME}.avro`],
  [`${NAME}.again1.json.gz`, `${NAME}.json.gz`],
  ['/dest/t.again1/t.1.0.10.10.0', undefined],
])('knows of %s that the name before was %s', (path, taken) => {
  expect(takenName(path)).toBe(taken);
});
