// Proves that the cluster in memory does what real brokers do: the same suite runs on both.
import { registerKafkaTests } from '../../contract/kafka-connection.ts';
import { MemoryKafka } from './memory-kafka.ts';

registerKafkaTests('The cluster in memory', async () => {
  const kafka = new MemoryKafka();
  return {
    kafka,
    leaveOpen: async (publisher, transaction) => {
      kafka.interruption = ({ call }, when) => {
        if (call === 'commit' && when === 'written') throw new Error('left open');
      };
      await publisher.commit(transaction).catch(() => undefined);
      kafka.interruption = undefined;
    },
    trim: async (topic, partition, before) => kafka.partition(topic, partition).trim(before),
    dispose: () => kafka.close(),
  };
});
