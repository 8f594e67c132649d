import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

/** A broker that has nothing else to do takes some milliseconds a topic. */
const PATIENCE_MS = 60_000;

/**
 * Creates topics, and waits until every partition has a leader that the brokers tell of. kafkajs's own wait gives up
 * where it asks a broker that has not heard of the topic yet.
 *
 * @throws where one of them is there already: it may hold records, and have other settings and partitions
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  // Asked before: kafkajs only tells that some are there, and of its own first try as well where it had to try twice.
  const there = new Set(await admin.listTopics());
  const old = names.filter((name) => there.has(name));
  if (old.length > 0)
    throw new Error(`${old.join(', ')}: expected no such topic, found one; delete it first, and wait until it is gone`);
  await admin.createTopics({ topics, timeout: PATIENCE_MS, waitForLeaders: false });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const missing = await withoutLeaders(admin, names);
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${missing.join(', ')}: no leader after ${PATIENCE_MS / 1000} s`);
    await sleep(50);
  }
}

/** Those of the topics of which a partition has no leader. */
async function withoutLeaders(admin: Admin, topics: string[]): Promise<string[]> {
  try {
    const { topics: found } = await admin.fetchTopicMetadata({ topics });
    return found.filter(({ partitions }) => partitions.some(({ leader }) => leader < 0)).map(({ name }) => name);
  } catch (error) {
    const { type } = error as { type?: string };
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE') return topics;
    throw error;
  }
}
