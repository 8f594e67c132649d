// A host keeps its pool, whatever becomes of its connections; of very many hosts those asked last do.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { HostPools } from '../../../../connections/hdfs/http/host-pools.ts';

test('a host that ends each connection keeps its pool', async () => {
  const server = createServer((_, response) => response.writeHead(200, { connection: 'close' }).end('x')).listen(0);
  await once(server, 'listening');
  const pools = new HostPools({ connections: 2 });
  onTestFinished(async () => {
    await pools.destroy();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const first = pools.of(origin);
  for (let request = 0; request < 3; request += 1) {
    const ended = once(first, 'disconnect');
    const { body } = await pools.of(origin).request({ path: '/', method: 'GET' });
    expect(await body.text()).toBe('x');
    await ended;
    expect(pools.of(origin)).toBe(first);
  }
});

test('the pool of the host that was not asked for longest goes where there are very many', async () => {
  const pools = new HostPools({});
  onTestFinished(() => pools.destroy());
  const [first, second] = [pools.of('http://host-0:1'), pools.of('http://host-1:1')];
  for (let host = 2; host < 256; host += 1) pools.of(`http://host-${host}:1`);
  expect(pools.of('http://host-0:1')).toBe(first);
  pools.of('http://host-256:1');
  expect([first.closed, second.closed]).toEqual([false, true]);
  expect(pools.of('http://host-0:1')).toBe(first);
  expect(pools.of('http://host-1:1')).not.toBe(second);
});

test('all end together', async () => {
  const pools = new HostPools({});
  const pool = pools.of('http://host:1');
  await pools.destroy();
  expect(pool.destroyed).toBe(true);
});
