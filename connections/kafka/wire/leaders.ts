import { ConnectionError } from '../../connection-error.ts';
import type { Broker } from './broker.ts';
import type { Cluster } from './cluster.ts';
import { LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION } from './error-codes.ts';
import { answerError, leaderError } from './errors.ts';
import type { TopicMetadata } from './protocol/metadata.ts';
import { listOffsets } from './protocol/offsets.ts';

/** Metadata of a topic, or undefined where there is no such topic. */
export async function topicMetadata(cluster: Cluster, topic: string): Promise<TopicMetadata | undefined> {
  const { topics } = await cluster.metadata([topic]);
  const [found] = topics;
  if (found === undefined || found.error === UNKNOWN_TOPIC_OR_PARTITION) return undefined;
  // LEADER_NOT_AVAILABLE is said of a topic of which some partition has no leader; the partitions tell which.
  if (found.error !== 0 && found.error !== LEADER_NOT_AVAILABLE)
    throw answerError(found.error, `read the metadata of topic ${topic}`, { topic });
  return { ...found, partitions: found.partitions.toSorted((a, b) => a.partition - b.partition) };
}

/** Like `topicMetadata`, but a topic that isn't there is an error. */
export async function requireTopic(cluster: Cluster, topic: string): Promise<TopicMetadata> {
  const found = await topicMetadata(cluster, topic);
  if (found === undefined)
    throw new ConnectionError('not-found', `topic ${topic} does not exist; create it, or correct its name`, { topic });
  return found;
}

/** The broker that leads a partition now; throws `unavailable` where none does. */
export async function leaderOf(cluster: Cluster, topic: TopicMetadata, partition: number): Promise<Broker> {
  const found = topic.partitions[partition];
  if (found === undefined)
    throw new ConnectionError(
      'not-found',
      `topic ${topic.name} has ${topic.partitions.length} partitions; there is no partition ${partition}`,
      { topic: topic.name, partition },
    );
  if (found.leader < 0)
    throw new ConnectionError(
      'unavailable',
      `partition ${partition} of topic ${topic.name} has no leader; try again, or start the brokers that hold it`,
      { topic: topic.name, partition },
    );
  return cluster.broker(found.leader);
}

/** Offsets of every partition of a topic, in the order of partitions, each from its leader. */
export async function partitionOffsets(
  cluster: Cluster,
  topic: TopicMetadata,
  at: bigint,
  readCommitted = false,
): Promise<bigint[]> {
  const byLeader = new Map<Broker, number[]>();
  for (const { partition } of topic.partitions) {
    const leader = await leaderOf(cluster, topic, partition);
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  const offsets = new Array<bigint>(topic.partitions.length).fill(0n);
  await Promise.all(
    [...byLeader].map(async ([leader, partitions]) => {
      const answers = await leader.call(listOffsets, {
        topics: [{ topic: topic.name, partitions }],
        at,
        readCommitted,
      });
      for (const { partition, error, offset } of answers) {
        if (error !== 0)
          throw leaderError(error, `read the offsets of topic ${topic.name}`, { topic: topic.name, partition });
        offsets[partition] = offset;
      }
    }),
  );
  return offsets;
}
