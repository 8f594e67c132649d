import zookeeper from 'node-zookeeper-client';
import type { ACL, Stat } from 'node-zookeeper-client';
import { ConnectionError } from '../connection-error.ts';
import { AccessControl } from './access-control.ts';
import { describeZooKeeper } from './config.ts';
import type { ZooKeeperConfig } from './config.ts';
import { commitMulti } from './multi.ts';
import type { PreparedOperation } from './multi.ts';
import { requirePath } from './node-path.ts';
import type { NodeData, NodeOperation, NodeStore } from './node-store.ts';
import { Session } from './session.ts';
import { classifyZooKeeperError } from './zookeeper-fault.ts';

/**
 * Connects to ZooKeeper. A connection that breaks fails what is under way with `unavailable`; the next call opens
 * another one.
 *
 * @throws ConnectionError `unavailable` after `connectTimeoutMs`; `denied`; `configuration` for a chroot that does
 * not exist
 */
export async function openNodeStore(config: ZooKeeperConfig): Promise<NodeStore> {
  const store = new ZooKeeperNodeStore(config);
  await store.connect();
  return store;
}

class ZooKeeperNodeStore implements NodeStore {
  readonly #config: ZooKeeperConfig;
  /** Shared by all who call while it is being opened. */
  #session: Promise<Session> | undefined;
  #closed = false;

  constructor(config: ZooKeeperConfig) {
    this.#config = config;
  }

  /** The session in use, or a new one where that is over. */
  async connect(): Promise<Session> {
    if (this.#closed)
      throw new ConnectionError('refused', `the connection to ${this.describe()} was closed; open another one`);
    const current = this.#session;
    if (current !== undefined) {
      const session = await current.catch(() => undefined);
      if (session !== undefined && !session.ended) return session;
      // Of several that found it over, the first one opens another and the others share that.
      if (this.#session === current) this.#session = undefined;
    }
    return (this.#session ??= Session.open(this.#config));
  }

  async get(path: string): Promise<NodeData | undefined> {
    requirePath(path);
    const session = await this.connect();
    const read = session.request<[Buffer | undefined, Stat]>({ doing: `reading ${path}`, path }, (client, answer) =>
      client.getData(path, answer),
    );
    const answer = await whereNode(read);
    if (answer === undefined) return undefined;
    const [data, { version, mtime }] = answer;
    return { data: data ?? Buffer.alloc(0), version, modifiedAt: Number(mtime.readBigInt64BE()) };
  }

  async children(path: string): Promise<string[] | undefined> {
    requirePath(path);
    const session = await this.connect();
    const answer = await whereNode(
      session.request<[string[], Stat]>({ doing: `listing ${path}`, path }, (client, done) =>
        client.getChildren(path, done),
      ),
    );
    return answer?.[0].sort();
  }

  async multi(operations: readonly NodeOperation[]): Promise<void> {
    for (const { path } of operations) requirePath(path);
    if (operations.length === 0) return;
    const session = await this.connect();
    const access = new AccessControl((path) => this.#accessControlList(session, path));
    const prepared: PreparedOperation[] = [];
    for (const [index, operation] of operations.entries())
      if (operation.op === 'create')
        prepared.push({ ...operation, list: (await access.listFor(operation)) ?? this.#noNode(operation, index) });
      else prepared.push(operation);
    await commitMulti(session, prepared, this.#config);
  }

  describe(): string {
    return describeZooKeeper(this.#config);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }

  async #accessControlList(session: Session, path: string): Promise<ACL[] | undefined> {
    const doing = `reading the access control list of ${path}`;
    const answer = await whereNode(
      session.request<[ACL[], Stat]>({ doing, path }, (client, done) => client.getACL(path, done)),
    );
    return answer?.[0];
  }

  /** As the server would say it of an operation whose node is gone. */
  #noNode({ aclOf = '/' }: { aclOf?: string }, index: number): never {
    throw classifyZooKeeperError(
      { code: NO_NODE },
      { doing: `reading the access control list of ${aclOf}`, server: this.describe(), path: aclOf, index },
    );
  }
}

const NO_NODE = zookeeper.Exception.NO_NODE;

/** Undefined where there is no node. */
async function whereNode<A>(answer: Promise<A>): Promise<A | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectionError && error.fault === 'not-found') return undefined;
    throw error;
  }
}
