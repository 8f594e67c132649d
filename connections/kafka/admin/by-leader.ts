import { ConnectionError } from '../../connection-error.ts';
import type { Broker } from '../wire/broker.ts';
import type { Cluster } from '../wire/cluster.ts';
import { errorCode, LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION } from '../wire/error-codes.ts';
import type { TopicPartitions } from './admin-port.ts';

/** A question for one broker: all that it leads of what was asked. */
export interface LeaderQuestion {
  broker: Broker;
  topics: { topic: string; partitions: number[] }[];
}

export interface Unreached {
  topic: string;
  partition: number;
  /** Kafka's name of what went wrong. */
  error: string;
}

/**
 * Sorts partitions by the brokers that lead them now. A partition without a leader, or whose leader can't be reached,
 * is left out and told, so that it doesn't hold up the others.
 */
export async function byLeader(
  cluster: Cluster,
  topics: readonly TopicPartitions[],
): Promise<{ questions: LeaderQuestion[]; unreached: Unreached[] }> {
  const unreached: Unreached[] = [];
  const byNode = new Map<number, Map<string, number[]>>();
  const found = new Map((await cluster.metadata(topics.map(({ topic }) => topic))).topics.map((t) => [t.name, t]));
  for (const { topic, partitions } of topics) {
    const leaders = new Map(found.get(topic)?.partitions.map(({ partition, leader }) => [partition, leader]));
    for (const partition of partitions) {
      const leader = leaders.get(partition);
      if (leader !== undefined && leader >= 0) {
        const ofNode = byNode.get(leader) ?? new Map<string, number[]>();
        byNode.set(leader, ofNode.set(topic, [...(ofNode.get(topic) ?? []), partition]));
      } else {
        const code =
          leader === undefined ? found.get(topic)?.error || UNKNOWN_TOPIC_OR_PARTITION : LEADER_NOT_AVAILABLE;
        unreached.push({ topic, partition, error: errorCode(code).name });
      }
    }
  }
  const questions: LeaderQuestion[] = [];
  for (const [node, ofNode] of byNode) {
    const asked = [...ofNode].map(([topic, partitions]) => ({ topic, partitions }));
    try {
      questions.push({ broker: await cluster.broker(node), topics: asked });
    } catch (error) {
      unreached.push(...unreachedOf(asked, error));
    }
  }
  return { questions, unreached };
}

/** What one broker's failure means for the partitions that it was asked about; throws what is wrong with all brokers. */
export function unreachedOf(topics: readonly TopicPartitions[], error: unknown): Unreached[] {
  if (!(error instanceof ConnectionError) || !error.retryable) throw error;
  const { code } = error.facts;
  const name = typeof code === 'string' ? code : 'BROKER_NOT_AVAILABLE';
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition, error: name })));
}
