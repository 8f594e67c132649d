import type { ACL } from 'node-zookeeper-client';
import { ConnectionError } from '../connection-error.ts';
import type { NodeOperation } from './node-store.ts';

const REQUEST_HEADER = 8;
const OPERATION_HEADER = 9;
const INT = 4;

/** Bytes of a list of access control entries: permissions, scheme and id of each. */
export function aclBytes(entries: readonly ACL[]): number {
  return entries.reduce((sum, { id }) => sum + INT + text(id.scheme) + text(id.id), INT);
}

/**
 * Bytes of a multi on the wire, by ZooKeeper's `MultiTransactionRecord`; what the server holds against its
 * `jute.maxbuffer`.
 *
 * @param listBytes - what `aclBytes` says of each created node's list, by index of the operation
 */
export function multiBytes(
  operations: readonly NodeOperation[],
  chroot: string,
  listBytes: (index: number) => number,
): number {
  return operations.reduce(
    (sum, operation, index) => sum + OPERATION_HEADER + operationBytes(operation, chroot, () => listBytes(index)),
    REQUEST_HEADER + OPERATION_HEADER,
  );
}

function operationBytes(operation: NodeOperation, chroot: string, listBytes: () => number): number {
  const path = text(chroot) + Buffer.byteLength(operation.path);
  switch (operation.op) {
    case 'create': // path, data, list, flags
      return path + INT + operation.data.length + listBytes() + INT;
    case 'set': // path, data, version
      return path + INT + operation.data.length + INT;
    case 'check':
    case 'delete': // path, version
      return path + INT;
  }
}

/** A server that gets a larger request drops the connection without a word, as if the network were broken. */
export function refuseOversize(bytes: number, limit: number, operations: number, server: string): void {
  if (bytes <= limit) return;
  throw new ConnectionError(
    'refused',
    `changing ${operations} nodes at once takes a request of ${bytes} bytes, and ${server} takes ${limit}; raise ` +
      'jute.maxbuffer on every server of the ensemble, then maxRequestBytes of this connection',
    { bytes, limit, operations },
  );
}

/** A length and UTF-8. */
function text(value: string): number {
  return INT + Buffer.byteLength(value);
}
