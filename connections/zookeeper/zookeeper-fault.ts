import { ConnectionError } from '../connection-error.ts';
import type { ConnectionFault } from '../connection-error.ts';

interface Verdict {
  name: string;
  fault: ConnectionFault;
  /** What to do about it. */
  remedy: string;
}

const AGAIN = 'try again';
const LOG_IN = 'check the log-in of this connection and the access control list of the node';
const REPORT = 'look into the log of the ZooKeeper server';

/**
 * Every code of `org.apache.zookeeper.KeeperException` (3.9), those included that the client library does not know.
 * Inside of a multi, four of them mean that an operation did not hold: see `multiFault`.
 */
const VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [-1, { name: 'SYSTEM_ERROR', fault: 'unavailable', remedy: `${AGAIN}; ${REPORT}` }],
  [-2, { name: 'RUNTIME_INCONSISTENCY', fault: 'refused', remedy: REPORT }],
  [-3, { name: 'DATA_INCONSISTENCY', fault: 'refused', remedy: REPORT }],
  [-4, { name: 'CONNECTION_LOSS', fault: 'unavailable', remedy: AGAIN }],
  [-5, { name: 'MARSHALLING_ERROR', fault: 'refused', remedy: REPORT }],
  [-6, { name: 'UNIMPLEMENTED', fault: 'refused', remedy: 'use a ZooKeeper server of version 3.4 or later' }],
  [-7, { name: 'OPERATION_TIMEOUT', fault: 'unavailable', remedy: AGAIN }],
  [-8, { name: 'BAD_ARGUMENTS', fault: 'refused', remedy: 'check the path' }],
  [-12, { name: 'UNKNOWN_SESSION', fault: 'unavailable', remedy: AGAIN }],
  [-13, { name: 'NEW_CONFIG_NO_QUORUM', fault: 'unavailable', remedy: AGAIN }],
  [-14, { name: 'RECONFIG_IN_PROGRESS', fault: 'unavailable', remedy: AGAIN }],
  [-100, { name: 'API_ERROR', fault: 'refused', remedy: REPORT }],
  [-101, { name: 'NO_NODE', fault: 'not-found', remedy: 'check the path and the chroot' }],
  [-102, { name: 'NO_AUTH', fault: 'denied', remedy: LOG_IN }],
  [-103, { name: 'BAD_VERSION', fault: 'changed', remedy: 'read the node again' }],
  [-108, { name: 'NO_CHILDREN_FOR_EPHEMERALS', fault: 'refused', remedy: 'remove the ephemeral node above the path' }],
  [-110, { name: 'NODE_EXISTS', fault: 'exists', remedy: 'remove the node, or choose another name' }],
  [-111, { name: 'NOT_EMPTY', fault: 'changed', remedy: 'remove the children first' }],
  [-112, { name: 'SESSION_EXPIRED', fault: 'unavailable', remedy: AGAIN }],
  [-113, { name: 'INVALID_CALLBACK', fault: 'refused', remedy: REPORT }],
  [-114, { name: 'INVALID_ACL', fault: 'refused', remedy: 'check the access control list of the parent node' }],
  [-115, { name: 'AUTH_FAILED', fault: 'denied', remedy: LOG_IN }],
  [-118, { name: 'SESSION_MOVED', fault: 'unavailable', remedy: AGAIN }],
  [-119, { name: 'NOT_READONLY', fault: 'unavailable', remedy: `${AGAIN}; the server has lost its quorum` }],
  [-120, { name: 'EPHEMERAL_ON_LOCAL_SESSION', fault: 'refused', remedy: REPORT }],
  [-121, { name: 'NO_WATCHER', fault: 'refused', remedy: REPORT }],
  [-122, { name: 'REQUEST_TIMEOUT', fault: 'unavailable', remedy: AGAIN }],
  [-123, { name: 'RECONFIG_DISABLED', fault: 'refused', remedy: REPORT }],
  [-124, { name: 'SESSION_CLOSED_REQUIRE_SASL_AUTH', fault: 'denied', remedy: 'this server asks for SASL' }],
  [-125, { name: 'QUOTA_EXCEEDED', fault: 'refused', remedy: 'raise the quota of the node' }],
  [-127, { name: 'THROTTLED_OP', fault: 'unavailable', remedy: AGAIN }],
]);

/** Codes by which the server says that a multi's operation met another state than it was made for. */
const NOT_HELD: ReadonlySet<number> = new Set([-101, -103, -110, -111]);

export interface RequestContext {
  /** What was being done, as `reading /consumers`. */
  doing: string;
  /** The server, as `describe()` says it. */
  server: string;
  path?: string;
  /** Index of the failed operation of a multi. */
  index?: number;
}

/** Turns whatever the client library gave or threw into the error of a connection. */
export function classifyZooKeeperError(error: unknown, context: RequestContext): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const { doing, server, ...facts } = context;
  const code = codeOf(error);
  const text = (end: string): string => `${doing} at ${server} failed: ${end}`;
  if (code === undefined) {
    const { message, code: system } = error as NodeJS.ErrnoException;
    // Errors of sockets and names carry a system call's code; everything else is a bug or bad input.
    const socket = typeof system === 'string' && system !== 'ERR_ASSERTION' && !system.startsWith('ERR_');
    return new ConnectionError(
      socket ? 'unavailable' : 'refused',
      text(`${message}${socket ? `; check that the server runs, then ${AGAIN}` : ''}`),
      { ...facts, ...(typeof system === 'string' ? { code: system } : {}) },
      error,
    );
  }
  const verdict = VERDICTS.get(code) ?? { name: `code ${code}`, fault: 'refused', remedy: REPORT };
  const fault = context.index !== undefined && NOT_HELD.has(code) ? 'changed' : verdict.fault;
  const remedy = fault === verdict.fault ? verdict.remedy : 'read the nodes again';
  return new ConnectionError(fault, text(`${verdict.name}; ${remedy}`), { ...facts, code: verdict.name }, error);
}

/** The library throws a plain error for a code that it does not know. */
function codeOf(error: unknown): number | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'number') return code;
  const unknown = typeof message === 'string' ? /^Unknown code: (-?\d+)$/.exec(message) : null;
  return unknown === null ? undefined : Number(unknown[1]);
}
