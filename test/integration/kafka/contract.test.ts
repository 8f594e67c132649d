// Proves the suite of the port on real brokers; the cluster in memory passes the same one.
import { inject } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { TransactionCoordinator } from '../../../connections/kafka/publish/transaction-coordinator.ts';
import { registerKafkaTests } from '../../contract/kafka-connection.ts';
import { kafkajs } from './test-topic.ts';

registerKafkaTests('A broker', async () => {
  const kafka = openKafka(parseKafkaConfig({ brokers: inject('stack').kafka }, 'contract'));
  const admin = kafkajs().admin();
  await admin.connect();
  return {
    kafka,
    leaveOpen: async (publisher, transaction) => {
      // eslint-disable-next-line @typescript-eslint/unbound-method
      const original = TransactionCoordinator.prototype.commit;
      TransactionCoordinator.prototype.commit = () => Promise.reject(new Error('left open'));
      try {
        await publisher.commit(transaction).catch(() => undefined);
      } finally {
        TransactionCoordinator.prototype.commit = original;
      }
    },
    trim: async (topic, partition, before) => {
      await admin.fetchTopicOffsets(topic); // kafkajs deletes records of topics only that it has met before
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
    },
    dispose: async () => {
      await admin.disconnect();
      await kafka.close();
    },
  };
});
