// Topics whose folders can't take their files are known before the decision, and leave the others alone.
import { beforeEach, describe, expect, it } from 'vitest';
import { closedFolders } from '../../../../activities/archive/decision/closed-folders.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

let store: MemoryFileStore;
beforeEach(() => {
  store = new MemoryFileStore();
});

const FILES = ['a', 'b'].map((topic) => ({ topic, target: `/dest/${topic}/hourly/2026/11/28/10/file`, length: 5 }));
const closed = (): Promise<Map<string, string>> => closedFolders(store, '/dest', FILES, new AbortController().signal);

it('finds none where there is room', async () => {
  store.quotas.set('/dest/a', { names: { most: 10, used: 9 }, bytes: { most: 10, used: 5 } });
  expect(await closed()).toEqual(new Map());
});

it.each([
  ['names', { names: { most: 10, used: 10 } }, 'its quota of 10 names has room for 0, and 1 files come'],
  ['bytes', { bytes: { most: 10, used: 6 } }, 'its space quota of 10 bytes has room for 4, and 5 come'],
])('finds the topic whose own folder has a quota of %s without room', async (_what, quotas, message) => {
  store.quotas.set('/dest/b', quotas);
  const found = await closed();
  expect([...found.keys()]).toEqual(['b']);
  expect(found.get('b')).toContain(message);
});

it('finds the topic whose folder may not be written to', async () => {
  store.readOnly.add('/dest/a/hourly/2026/11/28/10');
  expect([...(await closed()).entries()]).toMatchObject([['a', expect.stringContaining('no right') as string]]);
});

describe('topics whose names differ by a dot, and share a folder', () => {
  const shared = ['a.b', 'a_b', 'c'].map((topic) => ({
    topic,
    target: `/dest/${topic.replace('.', '_')}/hourly/2026/11/28/10/file-of-${topic}`,
    length: 5,
  }));
  const closedOf = (): Promise<Map<string, string>> =>
    closedFolders(store, '/dest', shared, new AbortController().signal);

  it('are both found where it may not be written to', async () => {
    store.readOnly.add('/dest/a_b/hourly/2026/11/28/10');
    expect([...(await closedOf()).keys()].sort()).toEqual(['a.b', 'a_b']);
  });

  it.each([
    ['names', { names: { most: 10, used: 9 } }, 'room for 0, and 1 files come'],
    ['bytes', { bytes: { most: 10, used: 1 } }, 'room for 4, and 5 come'],
  ])('have its quota of %s together: one that finds room, and one that does not', async (_what, quotas, message) => {
    store.quotas.set('/dest/a_b', quotas);
    const found = await closedOf();
    expect([...found.keys()]).toEqual(['a_b']);
    expect(found.get('a_b')).toContain(message);
  });
});
