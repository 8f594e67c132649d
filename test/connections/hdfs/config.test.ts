// A configuration is checked whole before anything connects, every wrong field is named, and no password is repeated.
import { describe, expect, it } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';

const problemsOf = (value: unknown): string => {
  try {
    parseHdfsConfig(value, 'connections.hdfs.default');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('parseHdfsConfig', () => {
  it('fills in the defaults that it documents', () => {
    expect(parseHdfsConfig({ urls: ['http://nn1:9870/'] }, 'hdfs')).toEqual({
      urls: ['http://nn1:9870'],
      timeouts: { connectMs: 10_000, answerMs: 30_000, idleMs: 30_000 },
      connectionsPerHost: 16,
      attempts: 3,
    });
  });

  it('takes everything that it knows', () => {
    const whole = {
      urls: ['https://nn1:9871', 'https://nn2:9871'],
      delegationTokenFile: '/run/token',
      ca: '/etc/ca.pem',
      hostMap: { 'dn1.internal': '10.0.0.1', 'dn2:9864': 'gateway:19864' },
      timeouts: { connectMs: 1, answerMs: 2, idleMs: 3 },
      connectionsPerHost: 2,
      attempts: 5,
    };
    expect(parseHdfsConfig(whole, 'hdfs')).toEqual(whole);
  });

  it('names every wrong field at once, unknown ones included', () => {
    const problems = problemsOf({
      urls: ['hdfs://nn1:8020', 'nonsense', 'http://nn1:9870/webhdfs/v1'],
      hostMap: { 'http://a': 'b' },
      timeouts: { connectMs: 0, readMs: 5 },
      attempts: 'three',
      userName: 'anne',
    });
    for (const field of [
      'urls.0',
      'urls.1',
      'urls.2',
      'hostMap',
      'timeouts.connectMs',
      'readMs',
      'attempts',
      'userName',
    ])
      expect(problems).toContain(field);
    expect(problems).toContain('connections.hdfs.default.urls.0: expected http:// or https://');
  });

  it('refuses no NameNode at all, and both a user and a token', () => {
    expect(problemsOf({ urls: [] })).toContain('at least one NameNode');
    expect(problemsOf(undefined)).toContain('connections.hdfs.default');
    expect(problemsOf({ urls: ['http://n:1'], user: 'a', delegationTokenFile: 'b' })).toContain('either user or');
  });

  it('refuses a password in a URL without repeating it', () => {
    const problems = problemsOf({ urls: ['http://anne:hunter2@nn1:9870', 'http://nn1:9870/?delegation=hunter2'] });
    expect(problems).toContain('urls.0');
    expect(problems).toContain('urls.1');
    expect(problems).not.toContain('hunter2');
  });
});
