// The port against a real ZooKeeper: the contract, with a chroot and without, the bound on a request, and what happens
// to calls while the network or the session breaks.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { multiBytes } from '../../../connections/zookeeper/request-size.ts';
import type { NodeOperation } from '../../../connections/zookeeper/node-store.ts';
import { registerNodeStoreTests } from '../../contract/node-store.ts';
import { makeRoot, networkOfTest, openStore, rootOfTest } from './zookeeper-under-test.ts';

registerNodeStoreTests('ZooKeeper', async () => {
  const { root, dispose } = await makeRoot();
  const store = await openStore();
  return { store, root, dispose: () => Promise.all([store.close(), dispose()]).then(() => undefined) };
});

registerNodeStoreTests('ZooKeeper with a chroot', async () => {
  const { root, dispose } = await makeRoot();
  const store = await openStore({ chroot: root });
  await store.multi([{ op: 'create', path: '/below', data: Buffer.alloc(0) }]);
  return { store, root: '/below', dispose: () => Promise.all([store.close(), dispose()]).then(() => undefined) };
});

const create = (path: string, data = ''): NodeOperation => ({ op: 'create', path, data: Buffer.from(data) });

describe('the chroot', () => {
  it('goes before every path', async () => {
    const { root, store } = await rootOfTest();
    await store.multi([create('/a', 'x')]);
    const whole = await openStore();
    expect((await whole.get(`${root}/a`))?.data.toString()).toBe('x');
    await whole.close();
  });

  it('that does not exist is an error that says so, and is not made', async () => {
    const attempt = openStore({ chroot: '/rewind-test-no-such-chroot/x' });
    await expect(attempt).rejects.toMatchObject({
      fault: 'configuration',
      message: expect.stringMatching(/chroot \/rewind-test-no-such-chroot\/x does not exist at ZooKeeper/) as string,
    });
    const store = await openStore();
    expect(await store.get('/rewind-test-no-such-chroot')).toBeUndefined();
    await store.close();
  });
});

describe('the size of a request', () => {
  /** What the server makes of it when it is created below the test's root: open to all. */
  const OPEN_TO_ALL = 4 + 4 + (4 + 'world'.length) + (4 + 'anyone'.length);
  const filled = (root: string, bytes: number): NodeOperation[] => {
    const operations = [create('/a'), create('/b')];
    const rest = bytes - multiBytes(operations, root, () => OPEN_TO_ALL);
    return [create('/a', 'x'.repeat(Math.floor(rest / 2))), create('/b', 'x'.repeat(Math.ceil(rest / 2)))];
  };

  it('is computed to the byte: 1,048,575 pass', async () => {
    const { root, store } = await rootOfTest();
    await store.multi(filled(root, 0xfffff));
    expect(await store.children('/')).toEqual(['a', 'b']);
  });

  it('above that is refused before anything is sent, with both figures', async () => {
    const { root, store } = await rootOfTest();
    await expect(store.multi(filled(root, 0x100000))).rejects.toMatchObject({
      fault: 'refused',
      message: expect.stringMatching(/request of 1048576 bytes.* takes 1048575; raise jute\.maxbuffer/) as string,
    });
    expect(await store.children('/')).toEqual([]);
  });

  it('above that would be a lost connection, again and again, for a client that does not look', async () => {
    const { root, store } = await rootOfTest({ maxRequestBytes: 0x200000 });
    await expect(store.multi(filled(root, 0x100000))).rejects.toMatchObject({ fault: 'unavailable' });
    expect(await store.children('/')).toEqual([]);
  });
});

describe('a connection that breaks', () => {
  it('fails what is under way, and the next call opens another one', async () => {
    const network = await networkOfTest();
    const { store } = await rootOfTest({ hosts: network.hosts });
    await store.multi([create('/a', 'x')]);
    network.onRequest = () => {
      network.onRequest = undefined;
      return 'cut';
    };
    await expect(store.get('/a')).rejects.toMatchObject({ fault: 'unavailable', facts: { code: 'CONNECTION_LOSS' } });
    expect((await store.get('/a'))?.data.toString()).toBe('x');
    expect(network.connections).toBe(2);
  });

  it('between calls is not noticed by the next one', async () => {
    const network = await networkOfTest();
    const { store } = await rootOfTest({ hosts: network.hosts });
    network.cut();
    await delay(100);
    expect(await store.children('/')).toEqual([]);
  });

  it('to a server that stays away ends as unavailable in time, and works when that is back', async () => {
    const network = await networkOfTest();
    const { store } = await rootOfTest({ hosts: network.hosts, connectTimeoutMs: 500 });
    network.down = true;
    network.cut();
    await delay(50);
    await expect(store.get('/a')).rejects.toMatchObject({ fault: 'unavailable' });
    network.down = false;
    expect(await store.get('/a')).toBeUndefined();
  });

  it('together with a session that the server has expired is opened anew', async () => {
    const network = await networkOfTest();
    const { store } = await rootOfTest({ hosts: network.hosts, sessionTimeoutMs: 2000 });
    network.frozen = true;
    await delay(5_000);
    network.frozen = false;
    await expect(store.get('/a')).rejects.toMatchObject({ fault: 'unavailable' });
    expect(await store.get('/a')).toBeUndefined();
  });

  it('that is frozen ends a request after its time-out', async () => {
    const network = await networkOfTest();
    const { store } = await rootOfTest({ hosts: network.hosts, requestTimeoutMs: 500 });
    network.frozen = true;
    await expect(store.multi([create('/a')])).rejects.toMatchObject({
      fault: 'unavailable',
      message: expect.stringContaining('no answer within 500 ms') as string,
    });
    network.frozen = false;
    expect(await store.get('/a')).toBeUndefined();
  });
});
