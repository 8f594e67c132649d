// Every code that ZooKeeper's KeeperException has becomes a fault that says whether trying again helps, and the table
// is the whole of it: a code that is not in it is refused, and named.
import zookeeper from 'node-zookeeper-client';
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { ConnectionFault } from '../../../connections/connection-error.ts';
import { classifyZooKeeperError } from '../../../connections/zookeeper/zookeeper-fault.ts';

const context = { doing: 'reading /a', server: 'ZooKeeper zk1:2181', path: '/a' };

const CODES: [number, string, ConnectionFault, inMulti?: ConnectionFault][] = [
  [-1, 'SYSTEM_ERROR', 'unavailable'],
  [-2, 'RUNTIME_INCONSISTENCY', 'refused'],
  [-3, 'DATA_INCONSISTENCY', 'refused'],
  [-4, 'CONNECTION_LOSS', 'unavailable'],
  [-5, 'MARSHALLING_ERROR', 'refused'],
  [-6, 'UNIMPLEMENTED', 'refused'],
  [-7, 'OPERATION_TIMEOUT', 'unavailable'],
  [-8, 'BAD_ARGUMENTS', 'refused'],
  [-12, 'UNKNOWN_SESSION', 'unavailable'],
  [-13, 'NEW_CONFIG_NO_QUORUM', 'unavailable'],
  [-14, 'RECONFIG_IN_PROGRESS', 'unavailable'],
  [-100, 'API_ERROR', 'refused'],
  [-101, 'NO_NODE', 'not-found', 'changed'],
  [-102, 'NO_AUTH', 'denied'],
  [-103, 'BAD_VERSION', 'changed', 'changed'],
  [-108, 'NO_CHILDREN_FOR_EPHEMERALS', 'refused'],
  [-110, 'NODE_EXISTS', 'exists', 'changed'],
  [-111, 'NOT_EMPTY', 'changed', 'changed'],
  [-112, 'SESSION_EXPIRED', 'unavailable'],
  [-113, 'INVALID_CALLBACK', 'refused'],
  [-114, 'INVALID_ACL', 'refused'],
  [-115, 'AUTH_FAILED', 'denied'],
  [-118, 'SESSION_MOVED', 'unavailable'],
  [-119, 'NOT_READONLY', 'unavailable'],
  [-120, 'EPHEMERAL_ON_LOCAL_SESSION', 'refused'],
  [-121, 'NO_WATCHER', 'refused'],
  [-122, 'REQUEST_TIMEOUT', 'unavailable'],
  [-123, 'RECONFIG_DISABLED', 'refused'],
  [-124, 'SESSION_CLOSED_REQUIRE_SASL_AUTH', 'denied'],
  [-125, 'QUOTA_EXCEEDED', 'refused'],
  [-127, 'THROTTLED_OP', 'unavailable'],
];

describe('an error of ZooKeeper', () => {
  it.each(CODES)('of code %i, %s, is %s', (code, name, fault, inMulti = fault) => {
    const single = classifyZooKeeperError({ code }, context);
    expect(single).toMatchObject({ fault, facts: { code: name, path: '/a' } });
    expect(single.message).toMatch(new RegExp(`^reading /a at ZooKeeper zk1:2181 failed: ${name}; .`));
    expect(classifyZooKeeperError({ code }, { ...context, index: 3 })).toMatchObject({
      fault: inMulti,
      facts: { index: 3 },
    });
  });

  it.each(CODES)('of code %i, %s, is the same where the library does not know the code', (code, name, fault) => {
    expect(classifyZooKeeperError(new Error(`Unknown code: ${code}`), context)).toMatchObject({
      fault,
      facts: { code: name },
    });
  });

  it('has a place for every code that the library knows', () => {
    const known = Object.values(zookeeper.Exception).filter((code) => typeof code === 'number' && code < 0);
    expect(known.length).toBeGreaterThan(15);
    expect(CODES.map(([code]) => code)).toEqual(expect.arrayContaining(known));
  });

  it('of a code that nobody knows is refused, and named', () => {
    const error = classifyZooKeeperError({ code: -999 }, context);
    expect(error).toMatchObject({ fault: 'refused', message: expect.stringContaining('code -999') as string });
  });
});

describe('another error', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ])('of a socket, %s, may pass', (code) => {
    const cause = Object.assign(new Error(`connect ${code}`), { code });
    const error = classifyZooKeeperError(cause, context);
    expect(error).toMatchObject({ fault: 'unavailable', retryable: true, facts: { code }, cause });
    expect(error.message).toContain(`connect ${code}`);
  });

  it.each([new Error('bug'), Object.assign(new Error('bug'), { code: 'ERR_ASSERTION' }), new TypeError('bug')])(
    'is refused: %s',
    (cause) => {
      expect(classifyZooKeeperError(cause, context)).toMatchObject({ fault: 'refused', cause });
    },
  );

  it('that is classified already stays what it is', () => {
    const error = new ConnectionError('denied', 'x');
    expect(classifyZooKeeperError(error, context)).toBe(error);
  });
});
