// A file is put in place once: whole, by whoever is first, and nothing of an attempt is left, whatever became of it.
import { beforeEach, expect, it } from 'vitest';
import { putInPlace } from '../../../activities/step/put-in-place.ts';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';

const TARGET = '/run/plan.jsonl';
let store: MemoryFileStore;
beforeEach(() => (store = new MemoryFileStore()));

const put = (text: string, options = {}): Promise<boolean> => putInPlace(store, TARGET, [Buffer.from(text)], options);

async function left(): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of store.list('/run')) paths.push(path);
  return paths;
}

it('lets the first attempt win, and leaves nothing of the second', async () => {
  expect([await put('first'), await put('second')]).toEqual([true, false]);
  expect(Buffer.from(await store.read(TARGET, 0, 5)).toString()).toBe('first');
  expect(await left()).toEqual([TARGET]);
});

it('tells a renaming that failed from one that came too late', async () => {
  store.rename = async () => false;
  await expect(put('first')).rejects.toThrow(`What was written for ${TARGET} could not be renamed`);
  await expect(put('first', { lost: (path: string) => new RangeError(path) })).rejects.toThrow(RangeError);
  expect(await left()).toEqual([]);
});

it('tells the failure of the writing, not that of the server that is asked to tidy up', async () => {
  store.delete = () => Promise.reject(new ConnectionError('unavailable', 'the NameNode is away', {}));
  const broken = (async function* () {
    yield Buffer.from('some');
    throw new RangeError('the record is damaged');
  })();
  await expect(putInPlace(store, TARGET, broken, {})).rejects.toThrow('the record is damaged');
  expect(await put('whole')).toBe(true);
});

it('swallows nothing else where it tidies up', async () => {
  const discard = () => Promise.reject(new TypeError('a fault of ours'));
  await expect(put('whole', { discard })).rejects.toThrow('a fault of ours');
});
