import type { Cluster } from '../wire/cluster.ts';
import { GROUP_ID_NOT_FOUND, NOT_COORDINATOR, UNSTABLE_OFFSET_COMMIT } from '../wire/error-codes.ts';
import { answerError } from '../wire/errors.ts';
import { topicMetadata } from '../wire/leaders.ts';
import {
  describeConsumerGroups,
  describeGroups,
  GROUP_COORDINATOR,
  listGroups,
  offsetFetch,
} from '../wire/protocol/groups.ts';
import type { OffsetFetchRequest } from '../wire/protocol/groups.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import type { GroupDescription } from './admin-port.ts';

const NO_OFFSET = -1n;

/**
 * `KafkaConnection.describeGroup`. Offsets of a transaction that is about to end are waited for; a broker before
 * 2.5 can't tell, and gives the ones before, unless whoever asks has opened the publisher that ends the transaction.
 */
export async function describeGroup(
  cluster: Cluster,
  group: string,
  topic: string,
  pending: 'wait' | 'ignore' = 'wait',
): Promise<GroupDescription> {
  const found = await topicMetadata(cluster, topic);
  const partitions = found?.partitions.map(({ partition }) => partition) ?? [];
  const offsets =
    partitions.length === 0
      ? []
      : await committedOffsets(cluster, { group, topic, partitions, stable: pending === 'wait' });
  return { group, members: await countMembers(cluster, group), offsets };
}

async function committedOffsets(cluster: Cluster, request: OffsetFetchRequest): Promise<GroupDescription['offsets']> {
  const { group, topic } = request;
  const doing = `read the offsets of group ${group} for topic ${topic}`;
  const ask = async () => {
    const coordinator = await cluster.coordinator(GROUP_COORDINATOR, group);
    const answer = await coordinator.call(offsetFetch, request);
    const failed = answer.partitions.find(({ error }) => error !== 0);
    return { error: answer.error !== 0 ? answer.error : (failed?.error ?? 0), value: answer.partitions };
  };
  const answers = await cluster.whileNotYet(doing, ask, [UNSTABLE_OFFSET_COMMIT]);
  return answers
    .filter(({ offset }) => offset !== NO_OFFSET)
    .map(({ partition, offset, metadata }) => ({ partition, offset, metadata }))
    .toSorted((a, b) => a.partition - b.partition);
}

/** Whether offsets of the group belong to a transaction that is open now; false before Kafka 2.5, which can't tell. */
export async function hasPendingOffsets(cluster: Cluster, group: string, topic: TopicMetadata): Promise<boolean> {
  const partitions = topic.partitions.map(({ partition }) => partition);
  return cluster.whileNotYet(`read the offsets of group ${group} for topic ${topic.name}`, async () => {
    const coordinator = await cluster.coordinator(GROUP_COORDINATOR, group);
    const answer = await coordinator.call(offsetFetch, { group, topic: topic.name, partitions, stable: true });
    const errors = [answer.error, ...answer.partitions.map(({ error }) => error)];
    const isPending = errors.includes(UNSTABLE_OFFSET_COMMIT);
    const other = errors.find((error) => error !== 0 && error !== UNSTABLE_OFFSET_COMMIT) ?? 0;
    return { error: isPending ? 0 : other, value: isPending };
  });
}

async function countMembers(cluster: Cluster, group: string): Promise<number> {
  const doing = `read the members of group ${group}`;
  return cluster.whileNotYet(doing, async () => {
    const coordinator = await cluster.coordinator(GROUP_COORDINATOR, group);
    const classic = await coordinator.call(describeGroups, { group });
    const missing = classic.error === GROUP_ID_NOT_FOUND || (classic.error === 0 && classic.state === 'Dead');
    // A group of the newer consumer protocol is dead to the classic question.
    if (!missing || !coordinator.supports(describeConsumerGroups))
      return { error: missing ? 0 : classic.error, value: classic.members };
    const consumer = await coordinator.call(describeConsumerGroups, { group });
    if (consumer.error === GROUP_ID_NOT_FOUND) return { error: 0, value: 0 };
    if (consumer.error === 0 || consumer.error === NOT_COORDINATOR)
      return { error: consumer.error, value: consumer.members };
    throw answerError(consumer.error, doing, { group }, consumer.message);
  });
}

/** `AdminPort.listGroups`: every broker is asked for the groups that it is in charge of. */
export async function namesOfGroups(cluster: Cluster): Promise<string[]> {
  const { brokers } = await cluster.metadata([]);
  const names = new Set<string>();
  for (const { nodeId } of brokers) {
    const groups = await cluster.whileNotYet(`list the groups of broker ${nodeId}`, async () => {
      const answer = await (await cluster.broker(nodeId)).call(listGroups, {});
      return { error: answer.error, value: answer.groups };
    });
    for (const group of groups) names.add(group);
  }
  return [...names].sort();
}
