import { ConnectionError } from '../connections/connection-error.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { WorkerConfig } from './config.ts';

/**
 * Asks every connection once, and tells of those that can't be used: a worker may start before its servers, and a
 * wrong address should be seen before a job is.
 */
export async function checkConnections(
  { hdfs, kafka, zookeeper, registry }: Pick<WorkerConfig, 'hdfs' | 'kafka' | 'zookeeper' | 'registry'>,
  pool: Pick<ConnectionPool, 'hdfs' | 'kafka' | 'zookeeper' | 'registry'>,
  warn: (line: string) => void,
): Promise<void> {
  const ask = async (kind: string, name: string, question: () => Promise<unknown>): Promise<void> => {
    try {
      await question();
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const then = error.retryable ? 'Jobs wait for it' : 'Jobs that use it will fail';
      warn(`The ${kind} connection "${name}" can't be used now: ${error.message}. ${then}.`);
    }
  };
  await Promise.all([
    ...Object.keys(hdfs).map((name) => ask('HDFS', name, () => pool.hdfs(name).status('/'))),
    ...Object.keys(kafka).map((name) => ask('Kafka', name, () => pool.kafka(name).describeTopic(NOBODY))),
    ...Object.keys(zookeeper).map((name) =>
      ask('ZooKeeper', name, async () => (await pool.zookeeper(name)).children('/consumers')),
    ),
    ...Object.keys(registry).map((name) => ask('registry', name, () => pool.registry(name).versions(NOBODY))),
  ]);
}

/** Any topic or subject will do: it need not exist. */
const NOBODY = 'rewind-is-anybody-there';
