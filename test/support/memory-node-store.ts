import { ConnectionError } from '../../connections/connection-error.ts';
import { parentOf, requirePath } from '../../connections/zookeeper/node-path.ts';
import type { NodeData, NodeOperation, NodeStore } from '../../connections/zookeeper/node-store.ts';

/** A call to the store, as an interruption sees it. */
export type NodeStoreCall =
  { call: 'get' | 'children'; path: string } | { call: 'multi'; operations: readonly NodeOperation[] };

/**
 * Called before a call looks at the nodes and after it has changed them, before its answer is given: it may throw (an
 * answer that is lost, a session that expires) or change the store in between (somebody else).
 */
export type Interruption = (call: NodeStoreCall, when: 'before' | 'after') => void | Promise<void>;

interface Node {
  data: Buffer;
  version: number;
  modifiedAt: number;
}

/** A ZooKeeper in memory, without access control: for tests of what is built on the port. */
export class MemoryNodeStore implements NodeStore {
  interruption: Interruption | undefined;
  #nodes = new Map<string, Node>([['/', { data: Buffer.alloc(0), version: 0, modifiedAt: 0 }]]);

  async get(path: string): Promise<NodeData | undefined> {
    return this.#interrupted({ call: 'get', path }, () => {
      requirePath(path);
      const node = this.#nodes.get(path);
      return node && { ...node, data: Buffer.from(node.data) };
    });
  }

  async children(path: string): Promise<string[] | undefined> {
    return this.#interrupted({ call: 'children', path }, () => {
      requirePath(path);
      if (!this.#nodes.has(path)) return undefined;
      const names = [...this.#nodes.keys()].filter((other) => other !== '/' && parentOf(other) === path);
      return names.map((other) => other.slice(other.lastIndexOf('/') + 1)).sort();
    });
  }

  async multi(operations: readonly NodeOperation[]): Promise<void> {
    return this.#interrupted({ call: 'multi', operations }, () => {
      for (const { path } of operations) requirePath(path);
      const nodes = new Map(this.#nodes);
      for (const [index, operation] of operations.entries()) apply(nodes, operation, index, this.#nodes);
      this.#nodes = nodes;
    });
  }

  describe(): string {
    return 'ZooKeeper in memory';
  }

  async close(): Promise<void> {}

  /** Sets a node as somebody else would, parents included, past every interruption. */
  put(path: string, text: string): void {
    if (path !== '/' && !this.#nodes.has(parentOf(path))) this.put(parentOf(path), '');
    const version = (this.#nodes.get(path)?.version ?? -1) + 1;
    this.#nodes.set(path, { data: Buffer.from(text), version, modifiedAt: Date.now() });
  }

  /** Removes a node and all below it, as somebody else would. */
  remove(path: string): void {
    for (const other of [...this.#nodes.keys()])
      if (other === path || other.startsWith(`${path}/`)) this.#nodes.delete(other);
  }

  /** Path and data of every node below `path`, sorted by path. */
  dump(path = ''): Record<string, string> {
    const below = [...this.#nodes].filter(([other]) => other !== '/' && other.startsWith(`${path}/`));
    return Object.fromEntries(
      below.sort(([a], [b]) => (a < b ? -1 : 1)).map(([other, { data }]) => [other, String(data)]),
    );
  }

  async #interrupted<T>(call: NodeStoreCall, act: () => T): Promise<T> {
    await this.interruption?.(call, 'before');
    const result = act();
    await this.interruption?.(call, 'after');
    return result;
  }
}

/** Does one operation of a multi to `nodes`; `before` are those that existed when the multi came. */
function apply(nodes: Map<string, Node>, operation: NodeOperation, index: number, before: Map<string, Node>): void {
  const { op, path } = operation;
  const notHeld = (code: string): ConnectionError =>
    new ConnectionError('changed', `operation ${index}, ${op} ${path}: ${code}; read the nodes again`, {
      index,
      path,
      code,
    });
  const node = nodes.get(path);
  const isParent = (): boolean => [...nodes.keys()].some((other) => other !== path && parentOf(other) === path);
  if (op === 'create') {
    if (operation.aclOf !== undefined && !nodes.has(operation.aclOf) && !before.has(operation.aclOf))
      throw notHeld('NO_NODE');
    if (node !== undefined) throw notHeld('NODE_EXISTS');
    if (!nodes.has(parentOf(path))) throw notHeld('NO_NODE');
    nodes.set(path, { data: Buffer.from(operation.data), version: 0, modifiedAt: Date.now() });
    return;
  }
  if (node === undefined) throw notHeld('NO_NODE');
  if (operation.version !== -1 && operation.version !== node.version) throw notHeld('BAD_VERSION');
  if (op === 'set')
    nodes.set(path, { data: Buffer.from(operation.data), version: node.version + 1, modifiedAt: Date.now() });
  if (op === 'delete') {
    if (isParent()) throw notHeld('NOT_EMPTY');
    nodes.delete(path);
  }
}
