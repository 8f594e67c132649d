// A worker that starts asks every connection once, and tells of each that can't be used and of what becomes of jobs.
import { expect, test } from 'vitest';
import { ConnectionError } from '../../connections/connection-error.ts';
import { checkConnections } from '../../workers/check-connections.ts';
import { loadWorkerConfig } from '../../workers/config.ts';

const config = loadWorkerConfig({
  REWIND_HDFS_URL: 'http://nn:9870',
  REWIND_KAFKA_BROKERS: 'k:9092',
  REWIND_ZOOKEEPER: 'zk:2181',
  REWIND_REGISTRY_URL: 'http://registry:8081',
});

function pool(answers: {
  hdfs: () => Promise<unknown>;
  kafka: () => Promise<unknown>;
  zookeeper: () => Promise<unknown>;
  registry?: () => Promise<unknown>;
}) {
  return {
    hdfs: () => ({ status: answers.hdfs }),
    kafka: () => ({ describeTopic: answers.kafka }),
    zookeeper: async () => ({ children: answers.zookeeper }),
    registry: () => ({ versions: answers.registry ?? fine }),
  } as never;
}

const fine = async (): Promise<undefined> => undefined;

test('nothing is told where all answer', async () => {
  const warned: string[] = [];
  await checkConnections(config, pool({ hdfs: fine, kafka: fine, zookeeper: fine }), (line) => warned.push(line));
  expect(warned).toEqual([]);
});

test('each that does not is told, with its name and its reason', async () => {
  const warned: string[] = [];
  const answers = {
    hdfs: () => Promise.reject(new ConnectionError('unavailable', 'connection refused')),
    kafka: () => Promise.reject(new ConnectionError('denied', 'wrong password')),
    zookeeper: fine,
    registry: () => Promise.reject(new ConnectionError('refused', 'no answer of this API')),
  };
  await checkConnections(config, pool(answers), (line) => warned.push(line));
  expect(warned.toSorted()).toEqual([
    'The HDFS connection "default" can\'t be used now: connection refused. Jobs wait for it.',
    'The Kafka connection "default" can\'t be used now: wrong password. Jobs that use it will fail.',
    'The registry connection "default" can\'t be used now: no answer of this API. Jobs that use it will fail.',
  ]);
});
