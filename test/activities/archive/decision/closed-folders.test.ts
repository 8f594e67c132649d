// Topics whose folders can't take their files are known before the decision, and leave the others alone.
import { beforeEach, describe, expect, it } from 'vitest';
import { closedFolders } from '../../../../activities/archive/decision/closed-folders.ts';
import { PROBE } from '../../../../activities/archive/decision/probe-folders.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import { isDataFile } from '../../../../layouts/camus/archive-names.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { filesBelow } from '../pulled-run.ts';

const STAGING = '/dest/.rewind/archive/run';

let store: MemoryFileStore;
beforeEach(async () => {
  store = new MemoryFileStore();
  await store.makeDirectory(STAGING);
});

const FILES = ['a', 'b'].map((topic) => ({ topic, target: `/dest/${topic}/hourly/2026/11/28/10/file`, length: 5 }));
const closed = (): Promise<Map<string, string>> =>
  closedFolders(store, { dest: '/dest', staging: STAGING }, FILES, new AbortController().signal);

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

describe('a topic whose folder no rename leads to', () => {
  const HOUR = 'hourly/2026/11/28/10';
  const FAR = '/dest/b/';
  let renames: number;

  /** As HDFS does between encryption zones. */
  function refuse(fault: 'refused' | 'unavailable'): void {
    renames = 0;
    const rename = store.rename.bind(store);
    store.rename = async (from, to) => {
      renames += 1;
      if (from.startsWith(FAR) === to.startsWith(FAR)) return rename(from, to);
      throw new ConnectionError(fault, `${from} can't be moved into an encryption zone.`);
    };
  }

  it('is found before anything is decided, and alone', async () => {
    refuse('refused');
    const found = await closed();
    expect([...found.keys()]).toEqual(['b']);
    expect(found.get('b')).toMatch(/b\/hourly\/2026\/11\/28\/10 can't be written to: .*encryption zone\. *\. Nothing/);
  });

  it('is nothing that an HDFS which is away for a moment is taken for', async () => {
    refuse('unavailable');
    await expect(closed()).rejects.toMatchObject({ fault: 'unavailable' });
  });

  it('leaves no file where others are, whatever a dead worker has left there', async () => {
    await store.makeDirectory(`/dest/a/${HOUR}`);
    await store.write(`/dest/a/${HOUR}/${PROBE}`, []);
    await store.makeDirectory(`/dest/b/${HOUR}`);
    await store.write(`/dest/b/${HOUR}/${PROBE}`, [Buffer.from('not ours')]);
    expect(await closed()).toEqual(new Map());
    expect(await filesBelow(store, '/dest/a')).toEqual([]);
    expect(await filesBelow(store, '/dest/b')).toEqual([`/dest/b/${HOUR}/${PROBE}`]);
    expect(isDataFile(PROBE)).toBe(false);
  });

  it('costs two renames a topic, and a file for each that is tried at once', async () => {
    refuse('refused');
    const many = Array.from({ length: 400 }, (_, n) =>
      [10, 11, 12].map((hour) => ({ topic: `t${n}`, target: `/dest/t${n}/hourly/2026/11/28/${hour}/file`, length: 5 })),
    ).flat();
    const found = await closedFolders(store, { dest: '/dest', staging: STAGING }, many, new AbortController().signal);
    expect(found).toEqual(new Map());
    expect(renames).toBe(800);
    expect((await filesBelow(store, STAGING)).length).toBeLessThanOrEqual(16);
    expect(await filesBelow(store, '/dest/t7')).toEqual([]);
  });
});

describe('topics whose names differ by a dot, and share a folder', () => {
  const shared = ['a.b', 'a_b', 'c'].map((topic) => ({
    topic,
    target: `/dest/${topic.replace('.', '_')}/hourly/2026/11/28/10/file-of-${topic}`,
    length: 5,
  }));
  const closedOf = (): Promise<Map<string, string>> =>
    closedFolders(store, { dest: '/dest', staging: STAGING }, shared, new AbortController().signal);

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
