// A HISTORY belongs to one EXEC from the first run on: claim and decisions are there, and two would not see each other.
import { beforeEach, describe, expect, it } from 'vitest';
import { assertOneExec } from '../../../../activities/archive/history/one-exec.ts';
import { ConnectionError, type ConnectionFault } from '../../../../connections/connection-error.ts';
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

  it('below its EXEC is its own, run after run, and a file says so', async () => {
    await begin('/a', '/a/history');
    await begin('/a', '/a/history');
    expect(await filesBelow(store, '/a')).toEqual(['/a/.rewind/claims/1.json', '/a/.rewind/exec-of-history.json']);
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
    await begin('/b', '/a/history');
  });

  it('below its EXEC is its own where an older release has left only claims', async () => {
    await claim('/a');
    await expect(begin('/b', '/a/history')).rejects.toMatchObject(refused);
    await begin('/a', '/a/history');
  });

  it('beside that of another archive is one of its own', async () => {
    await begin('/camus/exec', '/camus/exec/history');
    await begin('/camus/exec2', '/camus/exec/history2');
    await begin('/camus/exec', '/camus/exec/history');
    await expect(begin('/camus/exec', '/camus/exec/history2')).rejects.toMatchObject(refused);
    await begin('/third', '/camus/exec/other');
    await expect(begin('/camus/exec', '/camus/exec/other')).rejects.toMatchObject(refused);
  });

  it.each(['/a/history', '/h/one'])('%s is that of one of two that come at once', async (history) => {
    const rename = store.rename.bind(store);
    store.rename = async (...args) => {
      // Asleep in front of what it says, while the other one begins.
      store.rename = rename;
      await begin('/a', history);
      return rename(...args);
    };
    await expect(begin('/b', history)).rejects.toMatchObject({ ...refused, facts: { expected: '/a' } });
    await begin('/a', history);
  });

  it('goes with an EXEC that was moved', async () => {
    await begin('/a', '/h/one');
    await store.rename('/a', '/moved');
    await begin('/moved', '/h/one');
    await expect(begin('/a', '/h/one')).rejects.toMatchObject(refused);
  });

  it('goes with a folder that was moved or copied with all that is in it', async () => {
    await begin('/a', '/a/history');
    await begin('/b', '/h/one');
    const said = '.rewind/exec-of-history.json';
    const { length } = (await store.status(`/a/${said}`))!;
    await store.write(`/copy/${said}`, [await store.read(`/a/${said}`, 0, length)]);
    await begin('/copy', '/copy/history');
    await store.rename('/h', '/i');
    await begin('/c', '/i/one');
    await begin('/a', '/a/history');
  });

  it.each(['makeDirectory', 'status', 'read', 'write'] as const)(
    'is gone on with where the worker has no right to %s, and that is told',
    async (operation) => {
      await claim('/a');
      if (operation === 'read') await store.write('/h/.rewind/exec-of-one.json', [Buffer.from('{}')]);
      const fails = (fault: ConnectionFault): (() => Promise<never>) => {
        return () => Promise.reject(new ConnectionError(fault, 'no right'));
      };
      const look = () =>
        assertOneExec(store, { exec: '/a', history: '/h/one', staging: '/dest/.rewind/a/run' }, signal);
      store[operation] = fails('denied');
      expect(await look()).toMatch(/^\/h\/\.rewind\/exec-of-one\.json, .* could not be read and written: no right/);
      store[operation] = fails('unavailable');
      await expect(look()).rejects.toMatchObject({ fault: 'unavailable' });
    },
  );

  it('of an EXEC that this worker may not look into is not taken from it', async () => {
    await begin('/a', '/h/one');
    await claim('/b');
    const status = store.status.bind(store);
    store.status = (path, ...rest) =>
      path.startsWith('/a/') ? Promise.reject(new ConnectionError('denied', 'no right')) : status(path, ...rest);
    await expect(begin('/b', '/h/one')).rejects.toMatchObject(refused);
  });

  it.each(['', '{', '{"exec": 1}'])('whose file says %j is refused, with the path and what to do', async (text) => {
    await store.write('/h/.rewind/exec-of-one.json', [Buffer.from(text)]);
    await expect(begin('/a', '/h/one')).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringMatching(/^\/h\/\.rewind\/exec-of-one\.json: .*Delete it when no archive runs/) as string,
    });
  });
});
