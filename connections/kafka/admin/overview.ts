import type { Cluster } from '../wire/cluster.ts';
import { errorCode, LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION } from '../wire/error-codes.ts';
import { leaderError } from '../wire/errors.ts';
import { leaderOf, requireTopic } from '../wire/leaders.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import { describeProducers } from '../wire/protocol/transactions.ts';
import type { OpenTransaction, TopicOverview } from './admin-port.ts';

/** `AdminPort.listTopics`. */
export async function listTopics(cluster: Cluster, names?: readonly string[]): Promise<TopicOverview[]> {
  if (names?.length === 0) return [];
  const { topics, brokers } = await cluster.metadata(names ?? 'all');
  const addresses = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]));
  return topics
    .filter(({ error }) => error !== UNKNOWN_TOPIC_OR_PARTITION)
    .map((topic) => overviewOf(topic, addresses))
    .toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
}

function overviewOf(
  { name, id, internal, error, partitions }: TopicMetadata,
  addresses: ReadonlyMap<number, string>,
): TopicOverview {
  // A topic of which some partition has no leader is there; the partitions tell which.
  const failed = error !== 0 && error !== LEADER_NOT_AVAILABLE;
  return {
    topic: name,
    ...(id === undefined ? {} : { id }),
    internal,
    ...(failed ? { error: errorCode(error).name } : {}),
    partitions: partitions
      .map(({ partition, leader, leaderEpoch, replicas, inSync }) => ({
        partition,
        leader,
        ...(addresses.has(leader) && { leaderAddress: addresses.get(leader)! }),
        leaderEpoch,
        replicas,
        inSync,
      }))
      .toSorted((a, b) => a.partition - b.partition),
  };
}

/** `AdminPort.openTransactions`. */
export async function openTransactions(
  cluster: Cluster,
  topic: string,
  partition: number,
): Promise<OpenTransaction[] | undefined> {
  const leader = await leaderOf(cluster, await requireTopic(cluster, topic), partition);
  if (!leader.supports(describeProducers)) return undefined;
  const { error, producers } = await leader.call(describeProducers, { topic, partition });
  if (error !== 0)
    throw leaderError(error, `look for transactions in topic ${topic}, partition ${partition}`, { topic, partition });
  return producers
    .filter(({ transactionStart }) => transactionStart >= 0n)
    .map(({ producerId, producerEpoch, lastTimestamp, transactionStart }) => ({
      producerId,
      producerEpoch,
      startOffset: transactionStart,
      lastTimestamp,
    }))
    .toSorted((a, b) => (a.startOffset < b.startOffset ? -1 : 1));
}
