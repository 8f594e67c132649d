// Nodes that Rewind makes can be used by whoever could use the nodes around them: the access control list is copied,
// never widened, and never copied in part.
import zookeeper from 'node-zookeeper-client';
import type { ACL, Client } from 'node-zookeeper-client';
import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { commitConsumerOffsets } from '../../../connections/zookeeper/consumer-offsets.ts';
import { loginOf, openStore, rootOfTest, zooKeeperHosts } from './zookeeper-under-test.ts';

const { Permission } = zookeeper;
const digest = (username: string): string =>
  `${username}:${createHash('sha1').update(`${username}:${username}-secret`).digest('base64')}`;
const entry = (permissions: number, scheme: string, id: string): ACL =>
  new zookeeper.ACL(permissions, new zookeeper.Id(scheme, id));

/** The library itself, as whoever made the nodes before Rewind came. */
const plainClient = async (username: string): Promise<Client> => {
  const client = zookeeper.createClient(zooKeeperHosts());
  client.addAuthInfo('digest', Buffer.from(`${username}:${username}-secret`));
  await new Promise<void>((resolve) => {
    client.once('connected', resolve);
    client.connect();
  });
  onTestFinished(() => client.close());
  return client;
};

const done = (act: (callback: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) =>
    act((error) => (error ? reject(new Error('the library failed', { cause: error })) : resolve())),
  );

const shown = (client: Client, path: string): Promise<string[]> =>
  new Promise((resolve, reject) =>
    client.getACL(path, (error, list) => {
      if (error) return reject(new Error('the library failed', { cause: error }));
      const entries = list as unknown as { permission: number; id: { scheme: string; id: string } }[];
      resolve(entries.map(({ permission, id }) => `${id.scheme}:${id.id}:${permission}`).sort());
    }),
  );

const ANNE = [`digest:${digest('anne')}:${Permission.ALL}`, `world:anyone:${Permission.READ}`];

/** `/consumers` below a root of the test, which belongs to anne and may be read by all. */
const setUp = async (
  list: ACL[],
): Promise<{ root: string; anne: Client; openAs: (who: object) => Promise<NodeStore> }> => {
  const { root } = await rootOfTest();
  const anne = await plainClient('anne');
  await done((callback) => anne.create(`${root}/consumers`, Buffer.alloc(0), list, callback));
  const openAs = async (who: object): Promise<NodeStore> => {
    const store = await openStore({ chroot: root, ...who });
    onTestFinished(() => store.close());
    return store;
  };
  return { root, anne, openAs };
};

const annesList = [entry(Permission.ALL, 'digest', digest('anne')), entry(Permission.READ, 'world', 'anyone')];
const request = {
  group: 'g',
  topic: 't',
  layout: '0.8',
  offsets: [{ partition: 0, offset: 5n }],
  existing: 'leave',
  job: 'j',
} as const;

describe('the access control list of /consumers', () => {
  it('is that of all nodes of a commit, parents and marker included', async () => {
    const { root, anne, openAs } = await setUp(annesList);
    const store = await openAs(loginOf('anne'));
    expect((await commitConsumerOffsets(store, request)).outcome).toBe('committed');
    for (const path of ['', '/g', '/g/offsets', '/g/offsets/t', '/g/offsets/t/0', '/g/rewind', '/g/rewind/t'])
      expect(await shown(anne, `${root}/consumers${path}`)).toEqual(ANNE);
  });

  it('keeps others out, which is denied and leaves nothing', async () => {
    const { openAs } = await setUp(annesList);
    for (const who of [
      {},
      loginOf('bert'),
      { auth: { scheme: 'digest', username: 'anne', password: 'wrong-secret' } },
    ]) {
      const error = await commitConsumerOffsets(await openAs(who), request).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ fault: 'denied' });
      expect(String((error as Error).stack)).not.toMatch(/-secret/);
      expect(await (await openAs(loginOf('anne'))).children('/consumers')).toEqual([]);
    }
  });

  it('that keeps even readers out is denied, by name of the node', async () => {
    const { openAs } = await setUp([entry(Permission.ALL, 'digest', digest('anne'))]);
    await expect(commitConsumerOffsets(await openAs({}), request)).rejects.toMatchObject({
      fault: 'denied',
      message: expect.stringMatching(/\/consumers at ZooKeeper .* failed: NO_AUTH/) as string,
    });
  });

  it('that the server shows in part only is not copied: new nodes would be locked to all', async () => {
    const allButAdmin = Permission.ALL & ~Permission.ADMIN;
    const { openAs, anne, root } = await setUp([
      entry(Permission.ALL, 'digest', digest('anne')),
      entry(allButAdmin, 'digest', digest('bert')),
    ]);
    await expect(commitConsumerOffsets(await openAs(loginOf('bert')), request)).rejects.toMatchObject({
      fault: 'denied',
      message: expect.stringMatching(/\/consumers cannot be copied .* ADMIN/) as string,
    });
    expect(await shown(anne, `${root}/consumers`)).toHaveLength(2);
  });
});

describe('a created node', () => {
  it('gets the list of its nearest parent, one of the same multi included, or that of the node that is named', async () => {
    const { root, anne, openAs } = await setUp(annesList);
    const store = await openAs(loginOf('anne'));
    const data = Buffer.alloc(0);
    await store.multi([
      { op: 'create', path: '/consumers/near', data },
      { op: 'create', path: '/consumers/far', data, aclOf: '/' },
      { op: 'create', path: '/consumers/far/below', data },
      { op: 'create', path: '/consumers/far/named', data, aclOf: '/consumers/near' },
    ]);
    const open = [`world:anyone:${Permission.ALL}`];
    expect(await shown(anne, `${root}/consumers/near`)).toEqual(ANNE);
    expect(await shown(anne, `${root}/consumers/far`)).toEqual(open);
    expect(await shown(anne, `${root}/consumers/far/below`)).toEqual(open);
    expect(await shown(anne, `${root}/consumers/far/named`)).toEqual(ANNE);
  });
});
