// Proves the one table that says what an error of Kafka means: every code that a publisher can meet, and what kafkajs
// and Node throw, each to the fault that decides whether to try again.
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import type { ConnectionFault } from '../../../../connections/connection-error.ts';
import { errorCode } from '../../../../connections/kafka/wire/error-codes.ts';
import { answerError, connectionError, leaderError } from '../../../../connections/kafka/wire/errors.ts';

function thrown(name: string, message: string, fields: Record<string, unknown> = {}): Error {
  return Object.assign(new Error(message), { name, ...fields });
}

describe('answerError', () => {
  it.each<[number, string, ConnectionFault]>([
    [-1, 'UNKNOWN_SERVER_ERROR', 'unavailable'],
    [1, 'OFFSET_OUT_OF_RANGE', 'changed'],
    [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'not-found'],
    [6, 'NOT_LEADER_OR_FOLLOWER', 'unavailable'],
    [7, 'REQUEST_TIMED_OUT', 'unavailable'],
    [10, 'MESSAGE_TOO_LARGE', 'refused'],
    [12, 'OFFSET_METADATA_TOO_LARGE', 'refused'],
    [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'unavailable'],
    [16, 'NOT_COORDINATOR', 'unavailable'],
    [19, 'NOT_ENOUGH_REPLICAS', 'unavailable'],
    [29, 'TOPIC_AUTHORIZATION_FAILED', 'denied'],
    [30, 'GROUP_AUTHORIZATION_FAILED', 'denied'],
    [32, 'INVALID_TIMESTAMP', 'refused'],
    [36, 'TOPIC_ALREADY_EXISTS', 'exists'],
    [38, 'INVALID_REPLICATION_FACTOR', 'refused'],
    [44, 'POLICY_VIOLATION', 'refused'],
    [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'unavailable'],
    [47, 'INVALID_PRODUCER_EPOCH', 'fenced'],
    [48, 'INVALID_TXN_STATE', 'unavailable'],
    [49, 'INVALID_PRODUCER_ID_MAPPING', 'fenced'],
    [50, 'INVALID_TRANSACTION_TIMEOUT', 'refused'],
    [51, 'CONCURRENT_TRANSACTIONS', 'unavailable'],
    [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'denied'],
    [56, 'KAFKA_STORAGE_ERROR', 'unavailable'],
    [58, 'SASL_AUTHENTICATION_FAILED', 'denied'],
    [87, 'INVALID_RECORD', 'refused'],
    [88, 'UNSTABLE_OFFSET_COMMIT', 'unavailable'],
    [90, 'PRODUCER_FENCED', 'fenced'],
  ])('takes code %d, %s, for %s', (code, name, fault) => {
    expect(errorCode(code)).toEqual({ name, fault });
    const error = answerError(code, 'write to topic t', { topic: 't' }, 'said the broker');
    expect(error).toMatchObject({ name: 'ConnectionError', fault, facts: { code: name, topic: 't' } });
    expect(error.message).toMatch(
      new RegExp(`^write to topic t: the broker answered ${name} \\(said the broker\\); .+ \\[topic=t\\]$`),
    );
  });

  it('gives up on a code that it does not know, and names it', () => {
    expect(answerError(999, 'write')).toMatchObject({
      fault: 'refused',
      message: expect.stringContaining('999') as string,
    });
  });

  it('says what helps where it is known', () => {
    expect(answerError(10, 'write').message).toContain('max.message.bytes');
    expect(answerError(1, 'read').message).toContain('retention.ms');
    expect(answerError(50, 'take over').message).toContain('transaction.max.timeout.ms');
  });

  it('takes a partition that its leader does not know for one that has moved', () => {
    expect(leaderError(3, 'write').fault).toBe('unavailable');
    expect(leaderError(10, 'write').fault).toBe('refused');
  });
});

describe('connectionError', () => {
  it.each<[Error, ConnectionFault]>([
    [
      thrown('KafkaJSConnectionError', 'Connection error: connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
      'unavailable',
    ],
    [thrown('KafkaJSConnectionError', 'Connection timeout'), 'unavailable'],
    [thrown('KafkaJSConnectionError', 'getaddrinfo ENOTFOUND kafka', { code: 'ENOTFOUND' }), 'unavailable'],
    [thrown('KafkaJSConnectionClosedError', 'Closed connection'), 'unavailable'],
    [thrown('KafkaJSRequestTimeoutError', 'Request Produce(key: 0, version: 7) timed out'), 'unavailable'],
    [thrown('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed'), 'denied'],
    [thrown('KafkaJSSASLAuthenticationError', 'SASL PLAIN mechanism is not supported by the server'), 'configuration'],
    [thrown('KafkaJSProtocolError', 'Illegal SASL state', { type: 'ILLEGAL_SASL_STATE' }), 'denied'],
    [thrown('KafkaJSConnectionError', 'self-signed', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'configuration'],
    [thrown('KafkaJSConnectionError', 'altnames', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'configuration'],
    [thrown('KafkaJSConnectionError', 'first', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'configuration'],
    [thrown('KafkaJSConnectionError', 'expired', { code: 'CERT_HAS_EXPIRED' }), 'configuration'],
    [new RangeError('the answer of a broker ends at byte 5, expected 6 or more'), 'refused'],
    [thrown('Error', 'write EPIPE', { code: 'EPIPE' }), 'unavailable'],
  ])('takes %s for %s', (error, fault) => {
    const result = connectionError(error, 'ask the broker', { api: 'Produce' });
    expect(result).toMatchObject({ fault, cause: error });
    expect(result.message).toMatch(/^ask the broker: .+; .+ \[api=Produce\]$/s);
  });

  it('passes a ConnectionError as it is', () => {
    const error = new ConnectionError('fenced', 'over');
    expect(connectionError(error, 'anything')).toBe(error);
  });
});
