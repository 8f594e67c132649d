import { randomUUID } from 'node:crypto';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { inject, onTestFinished } from 'vitest';
import { parseZooKeeperConfig } from '../../../connections/zookeeper/config.ts';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { openNodeStore } from '../../../connections/zookeeper/open-node-store.ts';

/** `host:port` of the stack's server. */
export function zooKeeperHosts(): string {
  return inject('stack').zookeeper;
}

export function openStore(more: object = {}): Promise<NodeStore> {
  return openNodeStore(parseZooKeeperConfig({ hosts: zooKeeperHosts(), ...more }, 'zk'));
}

/** A log-in as any digest is one: whom the server lets in to what, the nodes' lists say. */
export function loginOf(username: string): object {
  return { auth: { scheme: 'digest', username, password: `${username}-secret` } };
}

/** A node of this test alone, to be used as chroot; gone when `dispose` returns. */
export async function makeRoot(): Promise<{ root: string; dispose: () => Promise<void> }> {
  const root = `/rewind-test-${randomUUID()}`;
  // Who may remove what the tests of access control leave.
  const store = await openStore(loginOf('anne'));
  await store.multi([{ op: 'create', path: root, data: Buffer.alloc(0) }]);
  return {
    root,
    dispose: async () => {
      await removeAll(store, root);
      await store.close();
    },
  };
}

/** As `makeRoot`, with an open store below it, for the test that runs. */
export async function rootOfTest(more: object = {}): Promise<{ root: string; store: NodeStore }> {
  const { root, dispose } = await makeRoot();
  onTestFinished(dispose);
  const store = await openStore({ chroot: root, ...more });
  onTestFinished(() => store.close());
  return { root, store };
}

async function removeAll(store: NodeStore, path: string): Promise<void> {
  const names = (await store.children(path)) ?? [];
  for (const name of names) if (await hasChildren(store, `${path}/${name}`)) await removeAll(store, `${path}/${name}`);
  for (let from = 0; from < names.length; from += 1000) {
    const left = await store.children(path);
    const some = names.slice(from, from + 1000).filter((name) => left?.includes(name));
    await store.multi(some.map((name) => ({ op: 'delete', path: `${path}/${name}`, version: -1 })));
  }
  await store.multi([{ op: 'delete', path, version: -1 }]);
}

async function hasChildren(store: NodeStore, path: string): Promise<boolean> {
  return ((await store.children(path)) ?? []).length > 0;
}

/** A network between a store and the server that a test can break. */
export interface Network {
  hosts: string;
  /** Sees what the server sends before it is passed on; `'cut'` breaks the connection instead. */
  onAnswer: ((bytes: Buffer) => 'pass' | 'cut') | undefined;
  /** Sees what the client sends before it is passed on. */
  onRequest: ((bytes: Buffer) => 'pass' | 'cut') | undefined;
  /** While set nothing passes, and nobody is told. */
  frozen: boolean;
  /** While set new connections end at once. */
  down: boolean;
  /** Ends all connections. */
  cut: () => void;
  connections: number;
}

export async function networkOfTest(): Promise<Network> {
  const [host = '', port] = zooKeeperHosts().split(':');
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (network.down) return client.destroy();
    network.connections += 1;
    const upstream = connect(Number(port), host);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (to: Socket, look: () => Network['onAnswer']) => (bytes: Buffer) => {
      if (network.frozen) return;
      if (to.destroyed || look()?.(bytes) === 'cut') end();
      else to.write(bytes);
    };
    client.on(
      'data',
      pass(upstream, () => network.onRequest),
    );
    upstream.on(
      'data',
      pass(client, () => network.onAnswer),
    );
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay();
      // A frozen network passes on no end either.
      socket.on('error', () => {}).on('close', () => void (network.frozen || end()));
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const network: Network = {
    hosts: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    onAnswer: undefined,
    onRequest: undefined,
    frozen: false,
    down: false,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    connections: 0,
  };
  onTestFinished(() => {
    network.cut();
    server.close();
  });
  return network;
}
