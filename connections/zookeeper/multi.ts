import type { ACL, Transaction } from 'node-zookeeper-client';
import { setVersion } from './client-internals.ts';
import { describeZooKeeper } from './config.ts';
import type { ZooKeeperConfig } from './config.ts';
import type { NodeOperation } from './node-store.ts';
import { aclBytes, multiBytes, refuseOversize } from './request-size.ts';
import type { Session } from './session.ts';
import { classifyZooKeeperError } from './zookeeper-fault.ts';

/** An operation with the access control list that its node is to get. */
export type PreparedOperation =
  (Extract<NodeOperation, { op: 'create' }> & { list: ACL[] }) | Exclude<NodeOperation, { op: 'create' }>;

/** One operation's part of the answer: `type` is -1 for an error, and `err` 0 for those before the one that failed. */
interface Result {
  type: number;
  err?: number;
}

/** Sends the operations as one multi, which the server does in full or not at all. */
export async function commitMulti(
  session: Session,
  operations: readonly PreparedOperation[],
  config: ZooKeeperConfig,
): Promise<void> {
  const server = describeZooKeeper(config);
  // Lists are few and shared: their size is counted once each.
  const sizes = new Map<ACL[], number>();
  const bytes = multiBytes(operations, config.chroot, (index) => {
    const { list } = operations[index] as { list: ACL[] };
    const size = sizes.get(list) ?? aclBytes(list);
    sizes.set(list, size);
    return size;
  });
  refuseOversize(bytes, config.maxRequestBytes, operations.length, server);

  const doing = `changing ${operations.length} nodes (${operations[0]?.path}, ...)`;
  const [failure] = await session.request<[{ error: unknown; index: number } | undefined]>(
    { doing },
    (client, answer) => {
      const transaction = client.transaction();
      for (const operation of operations) add(transaction, operation);
      transaction.commit((error, results: Result[] | undefined) => {
        if (error === null || error === undefined) answer(null);
        else if (results === undefined) answer(error);
        else answer(null, { error, index: results.findIndex(({ type, err }) => type === -1 && err !== 0) });
      });
    },
  );
  if (failure === undefined) return;
  const { op, path } = operations[failure.index]!;
  throw classifyZooKeeperError(failure.error, {
    doing: `${doing}, of which operation ${failure.index}, ${op} ${path},`,
    server,
    path,
    index: failure.index,
  });
}

function add(transaction: Transaction, operation: PreparedOperation): void {
  switch (operation.op) {
    case 'create':
      transaction.create(operation.path, operation.data, operation.list);
      return;
    case 'set':
      transaction.setData(operation.path, operation.data, operation.version);
      return setVersion(transaction, operation.version);
    case 'check':
      transaction.check(operation.path, operation.version);
      return setVersion(transaction, operation.version);
    case 'delete':
      transaction.remove(operation.path, operation.version);
      return setVersion(transaction, operation.version);
  }
}
