import type { Broker } from '../wire/broker.ts';
import type { Cluster } from '../wire/cluster.ts';
import { errorCode } from '../wire/error-codes.ts';
import { epochEnds } from '../wire/protocol/epochs.ts';
import type { PartitionEpoch, PartitionOffset, TopicPartitions } from './admin-port.ts';
import { ofLeaders } from './of-leaders.ts';

/** `AdminPort.epochEnds`. */
export async function epochEndsOf(cluster: Cluster, asked: readonly PartitionEpoch[]): Promise<PartitionOffset[]> {
  const epochs = new Map(asked.map(({ topic, partition, leaderEpoch }) => [`${topic}/${partition}`, leaderEpoch]));
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of asked) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return ofLeaders(
    cluster,
    [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    (broker, some) => askBroker(broker, some, epochs),
  );
}

async function askBroker(
  broker: Broker,
  topics: readonly TopicPartitions[],
  epochs: ReadonlyMap<string, number>,
): Promise<PartitionOffset[]> {
  // Before Kafka 2.3 nobody tells it to a client.
  if (!broker.supports(epochEnds))
    return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
  const answers = await broker.call(epochEnds, {
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((partition) => ({ partition, leaderEpoch: epochs.get(`${topic}/${partition}`)! })),
    })),
  });
  return answers.map(({ topic, partition, error, end }) => ({
    topic,
    partition,
    ...(error !== 0 ? { error: errorCode(error).name } : end >= 0n ? { offset: end } : {}),
  }));
}
