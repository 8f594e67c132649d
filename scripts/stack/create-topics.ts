import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

/** A broker that has nothing else to do takes some milliseconds a topic. */
const PATIENCE_MS = 60_000;

/**
 * Creates topics, and waits until the leader of every partition answers for it: brokers tell of a leader before it has
 * heard of that itself, and until then it refuses what is written. kafkajs's own wait gives up where it asks a broker
 * that has not heard of the topic yet.
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
  for (const name of names) {
    while (!(await leadersAnswer(admin, name))) {
      if (Date.now() > deadline) throw new Error(`${name}: no leader that answers after ${PATIENCE_MS / 1000} s`);
      await sleep(50);
    }
  }
}

const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

/** Whether every partition of the topic has a leader, and it tells how long the partition is. */
async function leadersAnswer(admin: Admin, topic: string): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    if (topics.some(({ partitions }) => partitions.some(({ leader }) => leader < 0))) return false;
    await admin.fetchTopicOffsets(topic);
    return true;
  } catch (error) {
    if (NOT_YET.has((error as { type?: string }).type ?? '')) return false;
    throw error;
  }
}
