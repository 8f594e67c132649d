// What every NodeStore does, whatever is behind it: run against the real ZooKeeper and against the one in memory, so
// that what is tested on the one in memory holds for the other.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeOperation, NodeStore } from '../../connections/zookeeper/node-store.ts';

export interface NodeStoreUnderTest {
  store: NodeStore;
  /** A node that exists, below which the tests may do what they like; removed by `dispose`. */
  root: string;
  dispose: () => Promise<void>;
}

const text = (value: string): Buffer => Buffer.from(value);

export function registerNodeStoreTests(name: string, open: () => Promise<NodeStoreUnderTest>): void {
  describe(`${name} as a NodeStore`, () => {
    let opened: NodeStoreUnderTest;
    let store: NodeStore;
    let at: string;
    let test = 0;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());
    beforeEach(async () => {
      at = `${opened.root}/${(test += 1)}`;
      await store.multi([{ op: 'create', path: at, data: text('') }]);
    });

    const create = (path: string, data = ''): NodeOperation => ({ op: 'create', path: at + path, data: text(data) });

    it('gives nothing for a node that is not there', async () => {
      expect(await store.get(`${at}/none`)).toBeUndefined();
      expect(await store.children(`${at}/none`)).toBeUndefined();
    });

    it('creates a node with its data, at version 0', async () => {
      const before = Date.now();
      await store.multi([create('/a', 'é☃')]);
      const node = await store.get(`${at}/a`);
      expect(node?.data.toString()).toBe('é☃');
      expect(node?.version).toBe(0);
      // Another machine's clock.
      expect(Math.abs(node!.modifiedAt - before)).toBeLessThan(60_000);
    });

    it('creates parents and children in one multi, and lists the children sorted', async () => {
      await store.multi([create('/p'), create('/p/b'), create('/p/10'), create('/p/9'), create('/p/b/deep')]);
      expect(await store.children(`${at}/p`)).toEqual(['10', '9', 'b']);
      expect(await store.children(`${at}/p/9`)).toEqual([]);
    });

    it('counts versions up as data is set, and keeps empty data', async () => {
      await store.multi([create('/a', 'one')]);
      await store.multi([{ op: 'set', path: `${at}/a`, data: text(''), version: 0 }]);
      expect(await store.get(`${at}/a`)).toMatchObject({ data: text(''), version: 1 });
    });

    it('deletes a node of the version that is given', async () => {
      await store.multi([create('/a')]);
      await store.multi([{ op: 'delete', path: `${at}/a`, version: 0 }]);
      expect(await store.get(`${at}/a`)).toBeUndefined();
    });

    it('does not care for the version where it is -1', async () => {
      await store.multi([create('/a')]);
      await store.multi([{ op: 'set', path: `${at}/a`, data: text('x'), version: -1 }]);
      await store.multi([{ op: 'check', path: `${at}/a`, version: -1 }]);
      await store.multi([{ op: 'delete', path: `${at}/a`, version: -1 }]);
      expect(await store.children(at)).toEqual([]);
    });

    it('does nothing for no operations', async () => {
      await store.multi([]);
    });

    const notHeld: { what: string; operation: () => NodeOperation; code: string }[] = [
      { what: 'the node to be created exists', operation: () => create('/v0'), code: 'NODE_EXISTS' },
      { what: 'the parent is missing', operation: () => create('/no/child'), code: 'NO_NODE' },
      {
        what: 'the node with the access control list is missing',
        operation: () => ({ op: 'create', path: `${at}/x`, data: text(''), aclOf: `${at}/no` }),
        code: 'NO_NODE',
      },
      {
        what: 'the node to be set is missing',
        operation: () => ({ op: 'set', path: `${at}/no`, data: text(''), version: 0 }),
        code: 'NO_NODE',
      },
      {
        what: 'a version to be checked has passed',
        operation: () => ({ op: 'check', path: `${at}/v1`, version: 0 }),
        code: 'BAD_VERSION',
      },
      {
        what: 'a version to be set over has passed',
        operation: () => ({ op: 'set', path: `${at}/v1`, data: text(''), version: 0 }),
        code: 'BAD_VERSION',
      },
      {
        what: 'a version to be deleted has passed',
        operation: () => ({ op: 'delete', path: `${at}/v1`, version: 0 }),
        code: 'BAD_VERSION',
      },
      {
        what: 'a version is not yet there',
        operation: () => ({ op: 'check', path: `${at}/v0`, version: 1 }),
        code: 'BAD_VERSION',
      },
      {
        what: 'a node to be deleted has children',
        operation: () => ({ op: 'delete', path: `${at}/v0`, version: 0 }),
        code: 'NOT_EMPTY',
      },
    ];
    it.each(notHeld)('does nothing at all where $what, and says which operation', async ({ operation, code }) => {
      await store.multi([create('/v0'), create('/v0/child'), create('/v1')]);
      await store.multi([{ op: 'set', path: `${at}/v1`, data: text('moved'), version: 0 }]);
      const failing = operation();
      const many = Array.from({ length: 10 }, (_, i) => create(`/new${i}`));
      const attempt = store.multi([
        ...many,
        { op: 'set', path: at, data: text('x'), version: 0 },
        failing,
        create('/z'),
      ]);
      await expect(attempt).rejects.toMatchObject({
        fault: 'changed',
        facts: { index: 11, code },
      });
      expect(await store.children(at)).toEqual(['v0', 'v1']);
      expect(await store.get(at)).toMatchObject({ data: text(''), version: 0 });
    });

    it('takes a create, a set and a delete of the same node in one multi', async () => {
      await store.multi([
        create('/a', '1'),
        { op: 'set', path: `${at}/a`, data: text('2'), version: 0 },
        { op: 'check', path: `${at}/a`, version: 1 },
        create('/a/b'),
        { op: 'delete', path: `${at}/a/b`, version: 0 },
      ]);
      expect(await store.get(`${at}/a`)).toMatchObject({ data: text('2'), version: 1 });
      expect(await store.children(`${at}/a`)).toEqual([]);
    });

    it('creates 2,000 nodes in one multi', async () => {
      await store.multi(Array.from({ length: 2000 }, (_, i) => create(`/${i}`, String(i))));
      expect(await store.children(at)).toHaveLength(2000);
      await store.multi(
        Array.from({ length: 2000 }, (_, i): NodeOperation => ({ op: 'delete', path: `${at}/${i}`, version: 0 })),
      );
    });

    it.each(['', 'relative', '/a//b', '/a/', '/a/../b', '/a/./b', '/a\u0000b', '/a\u{1f600}'])(
      'refuses the path %j',
      async (path) => {
        await expect(store.get(path)).rejects.toMatchObject({ fault: 'refused' });
        await expect(store.children(path)).rejects.toMatchObject({ fault: 'refused' });
        await expect(store.multi([{ op: 'create', path, data: text('') }])).rejects.toMatchObject({ fault: 'refused' });
      },
    );

    it('says where it is', () => {
      expect(store.describe()).toMatch(/ZooKeeper/);
    });
  });
}
