import { ConnectionError } from '../../connection-error.ts';
import type { Broker } from '../wire/broker.ts';
import type { Cluster } from '../wire/cluster.ts';
import {
  CLUSTER_AUTHORIZATION_FAILED,
  GROUP_AUTHORIZATION_FAILED,
  TOPIC_AUTHORIZATION_FAILED,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  UNKNOWN_TOPIC_OR_PARTITION,
} from '../wire/error-codes.ts';
import { answerError } from '../wire/errors.ts';
import { fetch } from '../wire/protocol/fetch.ts';
import { GROUP_COORDINATOR, TRANSACTION_COORDINATOR } from '../wire/protocol/groups.ts';
import { groupRights, topicRights } from '../wire/protocol/rights.ts';
import { describeConfigs } from '../wire/protocol/settings.ts';
import { createTopics } from '../wire/protocol/topics.ts';
import { addOffsetsToTxn, addPartitionsToTxn, endTxn } from '../wire/protocol/transactions.ts';

/** Numbers of operations in Kafka's bit fields (`AclOperation`). */
const BITS = { Read: 3, Write: 4, Create: 5, Describe: 8, DescribeConfigs: 10 } as const;
export type Operation = keyof typeof BITS;

/** A literal ACL that a login needs. */
export interface NeededRight {
  resource: 'Topic' | 'Group' | 'TransactionalId';
  name: string;
  operations: readonly Operation[];
}

/** A producer that is none's: every request for it is refused, after the login's right to it was looked at. */
const NOBODY = { producerId: 0x7fff_ffff_ffff_fff0n, epoch: 0 };

/**
 * Those operations of a right that this login lacks, as the brokers say. Nothing is created, written, moved or fenced by
 * asking. `undefined` where the brokers can't be asked (before Kafka 2.3).
 *
 * @param transactionalId - one that the login should be able to write with: by it the right to write to a topic is asked
 * that isn't there yet
 */
export async function lackedRights(
  cluster: Cluster,
  { resource, name, operations }: NeededRight,
  transactionalId: string,
): Promise<Operation[] | undefined> {
  switch (resource) {
    case 'Topic':
      return lackedOnTopic(cluster, name, operations, transactionalId);
    case 'Group':
      return lackedOnGroup(cluster, name, operations, transactionalId);
    case 'TransactionalId':
      return lackedOnTransactionalId(cluster, name, operations);
  }
}

async function lackedOnTopic(
  cluster: Cluster,
  topic: string,
  operations: readonly Operation[],
  transactionalId: string,
): Promise<Operation[] | undefined> {
  const broker = await cluster.anyBroker();
  if (!broker.supports(topicRights)) return undefined;
  const answer = await broker.call(topicRights, { topic });
  if (answer.error === 0) {
    // What is there need not be created.
    return operations.filter((operation) => operation !== 'Create' && !allows(answer.operations, operation));
  }
  const hidden = answer.error === TOPIC_AUTHORIZATION_FAILED;
  if (!hidden && answer.error !== UNKNOWN_TOPIC_OR_PARTITION)
    throw answerError(answer.error, `ask for the rights on topic ${topic}`, { topic });
  const lacked: Operation[] = [];
  for (const operation of operations) {
    // Read and Write imply Describe, so who may not describe may neither.
    const lacks =
      operation === 'Create' || (operation === 'DescribeConfigs' && !hidden)
        ? await refusedOfAbsent(cluster, broker, topic, operation, transactionalId)
        : hidden || (await refusedOfAbsent(cluster, broker, topic, operation, transactionalId));
    if (lacks) lacked.push(operation);
  }
  return lacked;
}

/** Whether doing this with a topic that isn't there is refused for want of the right, and not because it isn't there. */
async function refusedOfAbsent(
  cluster: Cluster,
  broker: Broker,
  topic: string,
  operation: Operation,
  transactionalId: string,
): Promise<boolean> {
  switch (operation) {
    case 'Describe':
      return false; // it was described as absent
    case 'Create':
      return isDenied(await askToCreate(cluster, topic));
    case 'DescribeConfigs': {
      const [answer] = await broker.call(describeConfigs, { topics: [topic] });
      return isDenied(answer?.error);
    }
    case 'Read': {
      const nothing = { topicId: '', partition: 0, offset: 0n, maxBytes: 1, readCommitted: true, maxWaitMs: 0 };
      return isDenied((await broker.call(fetch, { topic, ...nothing })).error);
    }
    case 'Write': {
      const topics = [{ topic, partitions: [0] }];
      const coordinator = await coordinatorOf(cluster, TRANSACTION_COORDINATOR, transactionalId);
      // Without the right on the transactional id nobody looks at the topic; that id has a line of its own.
      if (coordinator === undefined) return false;
      const [answer] = await coordinator.call(addPartitionsToTxn, { transactionalId, ...NOBODY, topics });
      return isDenied(answer?.error);
    }
  }
}

async function askToCreate(cluster: Cluster, topic: string): Promise<number> {
  const { controllerId } = await cluster.metadata([]);
  const controller = await cluster.broker(controllerId);
  const as = { partitions: 1, replicationFactor: 1, settings: {}, timeoutMs: cluster.requestTimeoutMs };
  return (await controller.call(createTopics, { topic, ...as, validateOnly: true })).error;
}

async function lackedOnGroup(
  cluster: Cluster,
  group: string,
  operations: readonly Operation[],
  transactionalId: string,
): Promise<Operation[] | undefined> {
  const coordinator = await coordinatorOf(cluster, GROUP_COORDINATOR, group);
  if (coordinator === undefined) return [...operations];
  if (!coordinator.supports(groupRights)) return undefined;
  const answer = await coordinator.call(groupRights, { group });
  if (answer.error === GROUP_AUTHORIZATION_FAILED) return [...operations];
  if (answer.operations !== undefined) return operations.filter((operation) => !allows(answer.operations, operation));
  // Who was let in so far may describe the group.
  if (!operations.includes('Read')) return [];
  const transactions = await coordinatorOf(cluster, TRANSACTION_COORDINATOR, transactionalId);
  if (transactions === undefined) return undefined;
  const { error } = await transactions.call(addOffsetsToTxn, { transactionalId, ...NOBODY, group });
  if (error === TRANSACTIONAL_ID_AUTHORIZATION_FAILED) return undefined;
  return error === GROUP_AUTHORIZATION_FAILED ? ['Read'] : [];
}

async function lackedOnTransactionalId(
  cluster: Cluster,
  transactionalId: string,
  operations: readonly Operation[],
): Promise<Operation[]> {
  const coordinator = await coordinatorOf(cluster, TRANSACTION_COORDINATOR, transactionalId);
  if (coordinator === undefined) return [...operations];
  const { error } = await coordinator.call(endTxn, { transactionalId, ...NOBODY, commit: false });
  return error === TRANSACTIONAL_ID_AUTHORIZATION_FAILED ? operations.filter((each) => each !== 'Describe') : [];
}

/** Undefined where this login may not even ask for it. */
async function coordinatorOf(cluster: Cluster, type: number, key: string): Promise<Broker | undefined> {
  try {
    return await cluster.coordinator(type, key);
  } catch (error) {
    if (error instanceof ConnectionError && error.fault === 'denied') return undefined;
    throw error;
  }
}

function isDenied(error: number | undefined): boolean {
  return error === TOPIC_AUTHORIZATION_FAILED || error === CLUSTER_AUTHORIZATION_FAILED;
}

function allows(operations: number | undefined, operation: Operation): boolean {
  return operations === undefined || ((operations >> BITS[operation]) & 1) === 1;
}
