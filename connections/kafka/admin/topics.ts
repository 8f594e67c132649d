import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection-error.ts';
import type { Cluster } from '../wire/cluster.ts';
import { answerError } from '../wire/errors.ts';
import { partitionOffsets, topicMetadata } from '../wire/leaders.ts';
import { EARLIEST, LATEST } from '../wire/protocol/offsets.ts';
import { topicSettings } from './settings.ts';
import { UNKNOWN_TOPIC_OR_PARTITION } from '../wire/error-codes.ts';
import { metadata } from '../wire/protocol/metadata.ts';
import { createTopics } from '../wire/protocol/topics.ts';
import type { CreateTopicAnswer } from '../wire/protocol/topics.ts';
import type { NewTopic, TopicDescription, TopicPreview } from './admin-port.ts';

const PAUSE_MS = 50;

/** `KafkaConnection.describeTopic`. */
export async function describeTopic(cluster: Cluster, topic: string): Promise<TopicDescription | undefined> {
  const found = await topicMetadata(cluster, topic);
  if (found === undefined) return undefined;
  const earliest = await partitionOffsets(cluster, found, EARLIEST);
  const latest = await partitionOffsets(cluster, found, LATEST);
  const partitions = found.partitions.map(({ partition, replicas }) => ({
    partition,
    earliest: earliest[partition]!,
    latest: latest[partition]!,
    replicas: replicas.length,
  }));
  const settings = await topicSettings(cluster, topic);
  return { topic, ...(found.id === undefined ? {} : { id: found.id }), partitions, settings };
}

/**
 * `KafkaConnection.createTopic`: resolves when every partition's leader answers, and every broker that can be reached tells
 * of the topic: whoever asks next may come to any of them, and would take it for one that was deleted again.
 */
export async function createTopic(
  cluster: Cluster,
  topic: string,
  settings: NewTopic,
  waitTimeoutMs: number,
): Promise<void> {
  await askController(cluster, topic, settings, Math.min(waitTimeoutMs, cluster.requestTimeoutMs));
  const deadline = performance.now() + waitTimeoutMs;
  for (;;) {
    const missing = (await missingLeader(cluster, topic, settings.partitions)) ?? (await unawareBroker(cluster, topic));
    if (missing === undefined) return;
    if (performance.now() > deadline)
      throw new ConnectionError(
        'unavailable',
        `topic ${topic} was created, but not ready after ${waitTimeoutMs} ms: ${missing}; look at the brokers`,
        { topic },
      );
    await sleep(PAUSE_MS);
  }
}

/** `KafkaConnection.previewTopic`. */
export async function previewTopic(cluster: Cluster, topic: string, settings: NewTopic): Promise<TopicPreview> {
  const created = await askController(cluster, topic, settings, cluster.requestTimeoutMs, true);
  return created ?? { replicas: undefined, settings: settings.settings };
}

async function askController(
  cluster: Cluster,
  topic: string,
  settings: NewTopic,
  timeoutMs: number,
  validateOnly = false,
): Promise<CreateTopicAnswer['created']> {
  const { controllerId } = await cluster.metadata([]);
  const controller = await cluster.broker(controllerId);
  const request = { topic, ...settings, timeoutMs, validateOnly };
  const { error, message, created } = await controller.call(createTopics, request);
  if (error !== 0) throw answerError(error, `create topic ${topic}`, { topic }, message);
  return created;
}

/** What a new topic still lacks, or undefined. */
async function missingLeader(cluster: Cluster, topic: string, partitions: number): Promise<string | undefined> {
  try {
    const found = await topicMetadata(cluster, topic);
    if (found === undefined || found.partitions.length < partitions)
      return `expected ${partitions} partitions, found ${found?.partitions.length ?? 0}`;
    await partitionOffsets(cluster, found, LATEST);
    return undefined;
  } catch (error) {
    // The leader may not know yet that it is one.
    if (error instanceof ConnectionError && (error.retryable || error.fault === 'not-found')) return error.message;
    throw error;
  }
}

/** What a broker lacks that hasn't heard of a new topic yet, as one that has just come back; undefined where all have. */
async function unawareBroker(cluster: Cluster, topic: string): Promise<string | undefined> {
  const { brokers } = await cluster.metadata([]);
  const told = await Promise.all(brokers.map(({ nodeId }) => tellsOf(cluster, nodeId, topic)));
  const unaware = brokers.find((_, index) => !told[index]);
  return unaware && `broker ${unaware.nodeId} has not heard of it`;
}

async function tellsOf(cluster: Cluster, nodeId: number, topic: string): Promise<boolean> {
  try {
    const { topics } = await (await cluster.broker(nodeId)).call(metadata, { topics: [topic] });
    return topics.some(({ name, error }) => name === topic && error !== UNKNOWN_TOPIC_OR_PARTITION);
  } catch (error) {
    // One that can't be reached can't be asked by others either; it catches up before it can.
    if (error instanceof ConnectionError && error.retryable) return true;
    throw error;
  }
}
