import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';
import { withAdmin } from '../../../scripts/stack/with-admin.ts';
import { inject, onTestFinished } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { PublisherOptions, Publisher } from '../../../connections/kafka/publish/publish-port.ts';
import { SENTINEL } from './numbered-records.ts';

/** A connection to the test run's broker, closed when the test ends. */
export function connect(overrides: object = {}): KafkaConnection {
  const connection = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka, ...overrides }, 'test'));
  onTestFinished(() => connection.close());
  return connection;
}

/** kafkajs as a user has it: another client, to check ours against. */
export function kafkajs(): Kafka {
  return new Kafka({ brokers: inject('stack').kafka, logLevel: logLevel.NOTHING, clientId: 'test' });
}

export function uniqueName(purpose: string): string {
  return `${purpose}-${randomBytes(5).toString('hex')}`;
}

/** A new topic with a name of its own, deleted when the test ends. */
export async function newTopic(
  connection: KafkaConnection,
  partitions = 1,
  settings: Record<string, string> = {},
): Promise<string> {
  const topic = uniqueName('replay');
  // Retention goes by the records' own timestamps: the old ones of a test would be deleted within minutes.
  const kept = { 'retention.ms': '-1', ...settings };
  await connection.createTopic(topic, { partitions, replicationFactor: -1, settings: kept });
  onTestFinished(() => withAdmin(kafkajs(), (admin) => admin.deleteTopics({ topics: [topic] })));
  return topic;
}

/** Deletes the records of partition 0 before an offset; '-1': all. */
export async function deleteRecordsBelow(topic: string, offset: string): Promise<void> {
  await withAdmin(kafkajs(), async (admin) => {
    await admin.fetchTopicOffsets(topic); // kafkajs deletes records of topics only that it has met before
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  });
}

/** A publisher that is closed when the test ends. */
export async function publisherOf(connection: KafkaConnection, options: PublisherOptions): Promise<Publisher> {
  const publisher = await connection.openPublisher(options);
  onTestFinished(() => publisher.close());
  return publisher;
}

/**
 * What a plain kafkajs consumer gets of a topic, partition by partition, up to a record with the key SENTINEL in each
 * partition, which must be the last one.
 */
export async function consume(topic: string, partitions = 1, readUncommitted = false): Promise<KafkaMessage[][]> {
  const consumer = kafkajs().consumer({ groupId: uniqueName('reader'), readUncommitted, maxWaitTimeInMs: 100 });
  const messages: KafkaMessage[][] = Array.from({ length: partitions }, () => []);
  let ended = 0;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const counts = messages.map(({ length }) => length).join();
        reject(new Error(`read ${counts} messages of ${topic}, but no sentinel on ${partitions - ended} partitions`));
      }, 60_000);
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      void consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const message of batch.messages) {
            if (message.key?.toString() === SENTINEL) ended++;
            else messages[batch.partition]!.push(message);
          }
          if (ended < partitions) return;
          clearTimeout(timer);
          resolve();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  return messages;
}
