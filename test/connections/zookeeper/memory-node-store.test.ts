// The ZooKeeper in memory does what the real one does (the contract), and lets a test interfere at every call.
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { MemoryNodeStore } from '../../support/memory-node-store.ts';
import { registerNodeStoreTests } from '../../contract/node-store.ts';

registerNodeStoreTests('ZooKeeper in memory', async () => {
  const store = new MemoryNodeStore();
  store.put('/root', '');
  return { store, root: '/root', dispose: () => store.close() };
});

describe('an interruption', () => {
  const lost = new ConnectionError('unavailable', 'lost');
  const create = [{ op: 'create', path: '/a', data: Buffer.from('x') }] as const;

  it('before a multi leaves nothing of it', async () => {
    const store = new MemoryNodeStore();
    store.interruption = () => {
      throw lost;
    };
    await expect(store.multi(create)).rejects.toBe(lost);
    expect(store.dump()).toEqual({});
  });

  it('after a multi loses its answer only', async () => {
    const store = new MemoryNodeStore();
    store.interruption = (_, when) => {
      if (when === 'after') throw lost;
    };
    await expect(store.multi(create)).rejects.toBe(lost);
    expect(store.dump()).toEqual({ '/a': 'x' });
  });

  it('may change what the call is about to see', async () => {
    const store = new MemoryNodeStore();
    store.interruption = (call) => {
      if (call.call === 'get') store.put(call.path, 'other');
    };
    expect((await store.get('/a'))?.data.toString()).toBe('other');
  });
});
