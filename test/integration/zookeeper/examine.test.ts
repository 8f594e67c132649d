// Rights are asked of ZooKeeper by multis that can't hold: what may be done is known, and nothing is done.
import { createHash } from 'node:crypto';
import zookeeper from 'node-zookeeper-client';
import { expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../../connections/finding.ts';
import { parseZooKeeperConfig } from '../../../connections/zookeeper/config.ts';
import { examineZooKeeper } from '../../../connections/zookeeper/examine-zookeeper.ts';
import { openStore, rootOfTest, zooKeeperHosts } from './zookeeper-under-test.ts';

const { Permission, ACL, Id, createClient } = zookeeper;
const digest = `anne:${createHash('sha1').update('anne:anne-secret').digest('base64')}`;

async function examined(root: string, auth: object, groups: string[]): Promise<Finding[]> {
  const found: Finding[] = [];
  const config = parseZooKeeperConfig({ hosts: zooKeeperHosts(), chroot: root, ...auth }, 'test');
  await examineZooKeeper(config, { groups }, (finding) => found.push(finding), new AbortController().signal);
  return found.filter(({ about }) => about === 'rights');
}

it('tells who may make nodes below /consumers and who may not, and makes none', async () => {
  const { root } = await rootOfTest();
  const client = createClient(zooKeeperHosts());
  client.addAuthInfo('digest', Buffer.from('anne:anne-secret'));
  await new Promise<void>((resolve) => {
    client.once('connected', resolve);
    client.connect();
  });
  onTestFinished(() => client.close());
  const list = [new ACL(Permission.ALL, new Id('digest', digest)), new ACL(Permission.READ, new Id('world', 'anyone'))];
  for (const path of ['/consumers', '/consumers/g'])
    await new Promise<void>((resolve, reject) =>
      client.create(`${root}${path}`, Buffer.alloc(0), list, (error: unknown) =>
        error ? reject(new Error('the library failed', { cause: error })) : resolve(),
      ),
    );

  const anne = { auth: { scheme: 'digest', username: 'anne', password: 'anne-secret' } };
  expect(await examined(root, anne, ['g', 'new'])).toEqual([
    { about: 'rights', verdict: 'fine', says: '/consumers: create' },
    { about: 'rights', verdict: 'fine', says: '/consumers/g: create' },
  ]);
  const [first, second] = await examined(root, {}, ['g']);
  expect(first).toMatchObject({ verdict: 'fault', says: expect.stringMatching(/^\/consumers: .*may not/) as string });
  expect(second).toMatchObject({ verdict: 'fault', remedy: expect.stringContaining('setAcl') as string });
  expect((await examined(root, {}, []))[0]).toMatchObject({ verdict: 'warning' });

  const store = await openStore({ chroot: root });
  onTestFinished(() => store.close());
  expect(await store.children('/consumers')).toEqual(['g']);
  expect(await store.children('/consumers/g')).toEqual([]);
});

it('asks for the root where nobody has consumed yet', async () => {
  const { root } = await rootOfTest();
  expect(await examined(root, {}, [])).toEqual([{ about: 'rights', verdict: 'fine', says: '/: create' }]);
});
