import type { AdminPort, TopicOverview } from '../../../connections/kafka/admin/admin-port.ts';
import { publisherName } from './publish-position.ts';

/**
 * Which of the topics a replay of Rewind fills or has filled: those whose claim is there, a consumer group named after
 * the topic (docs/decisions/0006). One question to the brokers, however many topics there are.
 */
export async function replayTopicsOf(kafka: AdminPort, topics: readonly TopicOverview[]): Promise<Set<string>> {
  const groups = new Set(await kafka.listGroups());
  return new Set(topics.map(({ topic }) => topic).filter((topic) => groups.has(publisherName(topic))));
}
