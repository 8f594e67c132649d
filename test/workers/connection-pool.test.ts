// Proves that a pool which was closed opens new connections for who comes later: a plugin that was shut down and is used
// again must not hand out connections that refuse everything for ever.
import { expect, it } from 'vitest';
import { loadWorkerConfig } from '../../workers/config.ts';
import { ConnectionPool } from '../../workers/connection-pool.ts';

const config = loadWorkerConfig({
  REWIND_HDFS_URL: 'http://127.0.0.1:1',
  REWIND_KAFKA_BROKERS: '127.0.0.1:1',
  REWIND_ZOOKEEPER: '127.0.0.1:1',
});

it('opens anew after it was closed, and shares until then', async () => {
  const pool = new ConnectionPool(config);
  const [hdfs, kafka] = [pool.hdfs('default'), pool.kafka('default')];
  expect(pool.hdfs('default')).toBe(hdfs);
  expect(pool.kafka('default')).toBe(kafka);
  await pool.close();
  await expect(kafka.describeTopic('any')).rejects.toThrow('the connection is closed');
  expect(pool.hdfs('default')).not.toBe(hdfs);
  const again = pool.kafka('default');
  expect(again).not.toBe(kafka);
  await expect(again.describeTopic('any')).rejects.toThrow('127.0.0.1:1');
  await pool.close();
});
