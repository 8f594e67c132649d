import type { Client, Transaction } from 'node-zookeeper-client';
import type { Socket } from 'node:net';
import { ConnectionError } from '../connection-error.ts';
import type { ServerAddress } from './addresses.ts';

/**
 * What a session needs of the library's `ConnectionManager` (node-zookeeper-client 1.1.3) beyond its documented
 * surface. The library alone reconnects for ever, drops the errors of sockets, lets an answer that it doesn't
 * understand end the process, and takes version 0 for any version.
 */
export interface ConnectionManager {
  servers: ServerAddress[];
  /** Milliseconds for one server to accept a connection. */
  connectTimeout: number;
  connectTimeoutHandler: NodeJS.Timeout | null;
  /** Start of an answer of which the rest is to come; left over from a broken connection it would spoil the next. */
  pendingBuffer: Buffer | null;
  socket?: Socket;
  state: number;
  findNextServer: (found: (server: ServerAddress) => void) => void;
  onSocketData: (bytes: Buffer) => void;
  onSocketError: (error: Error) => void;
  onSocketClosed: (hadError: boolean) => void;
}

/** States of a `ConnectionManager`. */
export const SESSION_EXPIRED = -3;
export const AUTHENTICATION_FAILED = -4;

const METHODS = ['findNextServer', 'onSocketData', 'onSocketError', 'onSocketClosed'] as const;

/** The client's `ConnectionManager`, after a look at whether it is the one that this code knows. */
export function connectionManagerOf(client: Client): ConnectionManager {
  const { connectionManager } = client as unknown as { connectionManager?: ConnectionManager };
  if (
    connectionManager === undefined ||
    !Array.isArray(connectionManager.servers) ||
    METHODS.some((method) => typeof connectionManager[method] !== 'function')
  )
    throw unknownLibrary();
  return connectionManager;
}

/**
 * Sets the version of the operation that was added last. The library writes `version || -1`, so that a check of
 * version 0, which a node has until its data is set for the first time, would hold for every version.
 */
export function setVersion(transaction: Transaction, version: number): void {
  const operation = (transaction as unknown as { ops?: { version?: number }[] }).ops?.at(-1);
  if (typeof operation?.version !== 'number') throw unknownLibrary();
  operation.version = version;
}

function unknownLibrary(): ConnectionError {
  return new ConnectionError(
    'configuration',
    'this version of node-zookeeper-client is not known; install version 1.1.3, for which Rewind is made',
  );
}
