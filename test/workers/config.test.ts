// A worker's configuration: everything that is wrong with it is named at once, by the variable or the field that the
// person must change, with what was found and without a sentence that isn't true.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../workers/config-error.ts';
import { loadWorkerConfig } from '../../workers/config.ts';
import { strayVariables } from '../../workers/stray-variables.ts';
import { runtimeOptions } from '../../workers/telemetry.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function refusal(load: () => unknown): ConfigError {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error('expected a refusal');
}

const wrongEnvironment = (environment: Record<string, string>): string =>
  refusal(() => loadWorkerConfig(environment)).message;

function wrongFile(content: string): string {
  const path = join(folder, 'worker.json');
  writeFileSync(path, content);
  return refusal(() => loadWorkerConfig({ REWIND_CONFIG: path })).message;
}

describe('a wrong environment', () => {
  test.each<[Record<string, string>, string]>([
    [{ REWIND_KAFKA_BROKERS: 'localhost' }, `expected 'host:port', found "localhost"`],
    [{ REWIND_KAFKA_BROKERS: 'a:9092,b' }, `brokers.1: expected 'host:port', found "b"`],
    [{ REWIND_KAFKA_BROKERS: 'a:65536' }, 'expected a port from 1 to 65535, found "a:65536"'],
    [{ REWIND_KAFKA_BROKERS: '' }, `expected 'host:port', found ""`],
    [{ REWIND_HDFS_URL: 'hdfs://nn:9000' }, 'WebHDFS is not the RPC address'],
    [{ REWIND_HDFS_USER: 'camus' }, 'REWIND_HDFS_USER is set, and REWIND_HDFS_URL, which it goes with, is not'],
    [{ REWIND_ZOOKEEPER: 'zk:99999' }, "'zk:99999' is not host:port"],
    [{ REWIND_THREADS: 'two' }, 'REWIND_THREADS: expected number, found "two"'],
    [{ REWIND_MEMORY_MIB: '1' }, 'REWIND_MEMORY_MIB: expected number to be >=64, found "1"'],
    [{ REWIND_SERVES: 'everything' }, 'REWIND_SERVES: expected one of "workflows"|"decode"|"publish"'],
    [{ REWIND_TASK_QUEUE: '' }, 'REWIND_TASK_QUEUE: expected string to have >=1 characters, found ""'],
  ])('%j is told', (environment, message) => {
    const [variable = ''] = Object.keys(environment);
    expect(wrongEnvironment(environment)).toContain(message);
    expect(wrongEnvironment(environment)).toContain(variable);
  });

  test('is told all at once, whatever it is about', () => {
    const message = wrongEnvironment({ REWIND_THREADS: '0', REWIND_KAFKA_BROKERS: 'k', REWIND_HDFS_URL: 'nn' });
    expect(message).toMatch(/REWIND_THREADS.*REWIND_HDFS_URL.*REWIND_KAFKA_BROKERS/);
  });

  test('says nothing of ports where the port is missing', () => {
    expect(wrongEnvironment({ REWIND_KAFKA_BROKERS: 'localhost' })).not.toContain('65535');
  });

  test('shows no password that somebody put into an address', () => {
    expect(wrongEnvironment({ REWIND_KAFKA_BROKERS: 'me:secret@b:9092' })).not.toContain('secret');
    expect(wrongEnvironment({ REWIND_HDFS_URL: 'http://me:secret@nn:9870' })).not.toContain('secret');
  });

  test.each([
    { REWIND_LOG_LEVEL: 'LOUD' },
    { REWIND_LOG_FORMAT: 'xml' },
    { REWIND_METRICS_PROMETHEUS: '9464' },
    { REWIND_METRICS_OTLP: 'host:4317' },
    { REWIND_METRICS_OTLP: 'grpc://h:1', REWIND_METRICS_PROMETHEUS: 'h:1' },
  ])('of logs and metrics is a configuration that is wrong: %j', (environment) => {
    expect(refusal(() => runtimeOptions(environment)).message).toContain(Object.keys(environment)[0]!);
  });
});

describe('a wrong file', () => {
  test.each<[string, string]>([
    ['[]', 'holds a list, expected a JSON object'],
    ['null', 'holds null, expected a JSON object'],
    ['"x"', 'holds a string, expected a JSON object'],
    ['{', "can't be read as JSON"],
    ['{ "thread": 2 }', 'Unrecognized key: "thread"'],
    ['{ "threads": "two" }', 'threads: expected number'],
    [
      '{ "connections": { "kafka": { "old": { "brokers": "old" } } } }',
      "connections.kafka.old.brokers.0: expected 'host:port'",
    ],
    ['{ "connections": { "hdfs": { "default": {} } } }', 'connections.hdfs.default.urls'],
    ['{ "connections": { "kafak": {} } }', 'connections: Unrecognized key: "kafak"'],
  ])('%s is told', (content, message) => {
    expect(wrongFile(content)).toContain(message);
  });

  test('that is not there is told by its path', () => {
    expect(wrongEnvironment({ REWIND_CONFIG: join(folder, 'none.json') })).toContain(join(folder, 'none.json'));
  });
});

test('variables that look like those of Rewind and are none are found, those of its scripts are not', () => {
  const environment = { REWIND_KAFKA_BROKER: 'k:1', REWIND_THREADS: '2', REWIND_STACK_PACKAGES: '/x', PATH: '/bin' };
  expect(strayVariables(environment)).toEqual(['REWIND_KAFKA_BROKER']);
});
