import { ConnectionError } from '../connection-error.ts';
import { Cluster } from './wire/cluster.ts';
import { abortedRecords, firstCommittedOffset, lastCommittedRecords } from './read/committed-records.ts';
import { hasHangingTransaction } from './publish/hanging-transaction.ts';
import { describeKafka, readWireSettings } from './config.ts';
import type { KafkaConfig } from './config.ts';
import { describeGroup, namesOfGroups } from './admin/groups.ts';
import { TransactionalPublisher } from './publish/publisher.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { lastOutcome } from './publish/transaction-coordinator.ts';
import { openReader } from './read/open-reader.ts';
import { brokerSettings, describeSettings } from './admin/settings.ts';
import { describeSizes } from './admin/sizes.ts';
import { epochEndsOf } from './admin/epoch-ends.ts';
import { listOffsetsOf } from './admin/offsets.ts';
import { listTopics, openTransactions } from './admin/overview.ts';
import { createTopic, describeTopic, previewTopic } from './admin/topics.ts';

/**
 * A connection to a Kafka cluster. Every question and every publisher has network connections of its own, so that
 * none waits for or breaks another's; nothing is connected between them.
 */
export function openKafka(config: KafkaConfig): KafkaConnection {
  const { brokers, waitTimeoutMs } = config;
  const clusters = new Set<Cluster>();
  let closed = false;

  const open = async (): Promise<Cluster> => {
    const refuse = (): void => {
      if (closed)
        throw new ConnectionError(
          'unavailable',
          `${describeKafka(config)}: the connection is closed; open another one`,
        );
    };
    refuse();
    const cluster = new Cluster({ brokers, wire: await readWireSettings(config), waitTimeoutMs });
    refuse();
    clusters.add(cluster);
    return cluster;
  };
  const ask = async <T>(question: (cluster: Cluster) => Promise<T>): Promise<T> => {
    const cluster = await open();
    try {
      return await question(cluster);
    } finally {
      clusters.delete(cluster);
      await cluster.close();
    }
  };

  return {
    describeTopic: (topic) => ask((cluster) => describeTopic(cluster, topic)),
    createTopic: (topic, settings) => ask((cluster) => createTopic(cluster, topic, settings, waitTimeoutMs)),
    previewTopic: (topic, settings) => ask((cluster) => previewTopic(cluster, topic, settings)),
    describeGroup: (group, topic, options) => ask((cluster) => describeGroup(cluster, group, topic, options?.pending)),
    listGroups: () => ask((cluster) => namesOfGroups(cluster)),
    openPublisher: async (options) => {
      const cluster = await open();
      cluster.onClose(() => clusters.delete(cluster));
      return TransactionalPublisher.open(cluster, options);
    },
    lastCommittedRecords: (topic, options) =>
      ask((cluster) => lastCommittedRecords(cluster, topic, waitTimeoutMs, options)),
    firstCommittedOffset: (topic, partition) => ask((cluster) => firstCommittedOffset(cluster, topic, partition)),
    lastOutcome: (transactionalId) => ask((cluster) => lastOutcome(cluster, transactionalId)),
    hasHangingTransaction: (scope, waitMs) => ask((cluster) => hasHangingTransaction(cluster, scope, waitMs)),
    abortedRecords: (topic, partition, from, to) =>
      ask((cluster) => abortedRecords(cluster, topic, partition, from, to)),
    openReader: () => openReader(open),
    listTopics: (names) => ask((cluster) => listTopics(cluster, names)),
    listOffsets: (topics, at) => ask((cluster) => listOffsetsOf(cluster, topics, at)),
    epochEnds: (partitions) => ask((cluster) => epochEndsOf(cluster, partitions)),
    describeSettings: (topics) => ask((cluster) => describeSettings(cluster, topics)),
    brokerSettings: () => ask((cluster) => brokerSettings(cluster)),
    describeSizes: (topics) => ask((cluster) => describeSizes(cluster, topics)),
    openTransactions: (topic, partition) => ask((cluster) => openTransactions(cluster, topic, partition)),
    describe: () => describeKafka(config),
    close: async () => {
      closed = true;
      await Promise.all([...clusters].map((cluster) => cluster.close()));
    },
  };
}
