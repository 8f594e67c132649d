// A worker that can't do the steps of a task queue doesn't poll it: it would fail the jobs of others. One that decodes
// alone, on a task queue of its own, needs HDFS only.
import { describe, expect, test } from 'vitest';
import { loadWorkerConfig, type WorkerConfig } from '../../workers/config.ts';
import { RewindPlugin } from '../../workers/plugin.ts';
import { assertServes, assertSetApart, servedQueues } from '../../workers/served-queues.ts';

const HDFS = { REWIND_HDFS_URL: 'http://nn:9870' };
const KAFKA = { REWIND_KAFKA_BROKERS: 'k:9092' };
const APART = { REWIND_DECODE_TASK_QUEUE: 'decode', REWIND_PUBLISH_TASK_QUEUE: 'publish' };

const config = (environment: Record<string, string>): WorkerConfig => loadWorkerConfig(environment);

describe('a worker refuses to serve', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    ['anything without connections', {}, 'rewind', /no connection to HDFS and Kafka/],
    ['the common task queue without Kafka', HDFS, 'rewind', /no connection to Kafka,.*task queue rewind/],
    ['the common task queue without HDFS', KAFKA, 'rewind', /no connection to HDFS,/],
    ['publishing without Kafka', { ...HDFS, ...APART }, 'publish', /no connection to Kafka,.*publish/],
    ['decoding without HDFS', { ...KAFKA, ...APART }, 'decode', /no connection to HDFS,/],
  ])('%s', (_, environment, queue, message) => {
    expect(() => assertServes(config(environment), queue)).toThrow(message);
  });

  test.each<[string, Record<string, string>]>([
    ['decode', { REWIND_SERVES: 'decode' }],
    ['publish', { REWIND_SERVES: 'publish,decode', REWIND_DECODE_TASK_QUEUE: 'decode' }],
    ['decode', { REWIND_SERVES: 'decode', REWIND_DECODE_TASK_QUEUE: 'rewind' }],
  ])('%s alone without a task queue of that', (role, environment) => {
    expect(() => assertSetApart(config({ ...HDFS, ...KAFKA, ...environment }))).toThrow(`is to ${role} alone`);
  });
});

describe('a worker serves', () => {
  test.each<[string, Record<string, string>, string]>([
    ['all, with HDFS and Kafka', { ...HDFS, ...KAFKA }, 'rewind'],
    ['decoding alone, with HDFS', { ...HDFS, ...APART, REWIND_SERVES: 'decode' }, 'decode'],
  ])('%s', (_, environment, queue) => {
    expect(() => assertServes(config(environment), queue)).not.toThrow();
    expect(() => assertSetApart(config(environment))).not.toThrow();
  });

  test('what its roles ask for, each task queue once', () => {
    expect([...servedQueues(config(APART))]).toEqual([
      ['rewind', true],
      ['decode', false],
      ['publish', false],
    ]);
    expect([...servedQueues(config({}))]).toEqual([['rewind', true]]);
    expect([...servedQueues(config({ ...APART, REWIND_SERVES: 'decode' }))]).toEqual([['decode', false]]);
  });
});

describe('the plugin', () => {
  test('refuses a Worker whose steps it could not do', () => {
    const plugin = new RewindPlugin({ config: config({}) });
    expect(() => plugin.configureWorker({ taskQueue: 'mine' })).toThrow(/no connection to HDFS and Kafka.*mine/);
  });

  test('lets a Worker be that decodes alone', () => {
    const plugin = new RewindPlugin({ config: config({ ...HDFS, ...APART }) });
    expect(plugin.configureWorker({ taskQueue: 'decode' })).toMatchObject({ taskQueue: 'decode' });
    expect(() => plugin.configureWorker({ taskQueue: 'rewind' })).toThrow(/no connection to Kafka/);
  });
});
