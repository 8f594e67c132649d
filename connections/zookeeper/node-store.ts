/** What Rewind needs of ZooKeeper. Paths are below the configured chroot. */
export interface NodeStore {
  /** Data and version of a node, or undefined where none is. */
  get(path: string): Promise<NodeData | undefined>;
  /** Names of a node's children, sorted; undefined where there is no node. */
  children(path: string): Promise<string[] | undefined>;
  /** Does all or nothing. Throws `changed` with the index of the operation that did not hold. */
  multi(operations: readonly NodeOperation[]): Promise<void>;
  /** Address and chroot for messages, without credentials. */
  describe(): string;
  close(): Promise<void>;
}

export interface NodeData {
  data: Buffer;
  /** Version of the data, for `check` and `set`. */
  version: number;
  /** Milliseconds since 1970 UTC of the last change. */
  modifiedAt: number;
}

export type NodeOperation =
  /** Creates a node; `aclOf` names the node whose access control list it gets (default: its nearest existing parent). */
  | { op: 'create'; path: string; data: Buffer; aclOf?: string }
  | { op: 'set'; path: string; data: Buffer; version: number }
  | { op: 'check'; path: string; version: number }
  | { op: 'delete'; path: string; version: number };
