// A HISTORY belongs to one EXEC from the first run on: claim and decisions are there, and two would not see each other.
import { beforeEach, describe, expect, it } from 'vitest';
import { assertOneExec } from '../../../../activities/archive/history/one-exec.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { filesBelow } from '../pulled-run.ts';

const { signal } = new AbortController();

describe('a history', () => {
  let store: MemoryFileStore;

  beforeEach(() => {
    store = new MemoryFileStore();
  });
  const claim = (exec: string) => store.write(`${exec}/.rewind/claims/1.json`, []);
  const begin = async (exec: string, history: string): Promise<string | undefined> => {
    if ((await store.status(`${exec}/.rewind/claims/1.json`)) === undefined) await claim(exec);
    return assertOneExec(store, { exec, history, staging: '/dest/.rewind/a/run' }, signal);
  };
  const refused = { code: 'history-unusable' };

  it('below its EXEC is its own, and nothing is written', async () => {
    await begin('/a', '/a/history');
    await begin('/a', '/a/history');
    expect(await filesBelow(store, '/a')).toEqual(['/a/.rewind/claims/1.json']);
  });

  it('elsewhere is that of who came first, run after run', async () => {
    await begin('/a', '/h/one');
    await expect(begin('/b', '/h/one')).rejects.toMatchObject({ ...refused, facts: { expected: '/a', found: '/b' } });
    await begin('/a', '/h/one');
    await begin('/b', '/h/other');
  });

  it('below its EXEC is not that of another one, whoever comes first', async () => {
    await begin('/a', '/a/history');
    await expect(begin('/b', '/a/history')).rejects.toMatchObject(refused);
    store = new MemoryFileStore();
    await begin('/b', '/a/history');
    await expect(begin('/a', '/a/history')).rejects.toMatchObject(refused);
  });

  it('goes with an EXEC that was moved', async () => {
    await begin('/a', '/h/one');
    await store.rename('/a', '/moved');
    await begin('/moved', '/h/one');
    await expect(begin('/a', '/h/one')).rejects.toMatchObject(refused);
  });

  it('where the worker may not write is gone on with, and that is told', async () => {
    await claim('/a');
    store.makeDirectory = () => Promise.reject(new ConnectionError('denied', 'no right'));
    expect(await begin('/a', '/h/one')).toMatch(/^\/h\/\.rewind\/exec-of-one\.json could not be written/);
  });
});
