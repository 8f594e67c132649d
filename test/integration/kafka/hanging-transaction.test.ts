// Brokers that start can lose the markers of a transaction whose end is decided: its coordinator finds no leader of a
// partition, takes it for deleted, and calls the transaction complete. Its records and offsets then stay pending for
// ever, for every reader. The next publisher ends it as its coordinator decided, in the log and in the group alike.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openSettledPublisher, settleTransactions } from '../../../activities/step/settled-publisher.ts';
import { Cluster } from '../../../connections/kafka/wire/cluster.ts';
import { parseKafkaConfig, readWireSettings } from '../../../connections/kafka/config.ts';
import { leaderOf, requireTopic } from '../../../connections/kafka/wire/leaders.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { produceInOrder } from '../../../connections/kafka/publish/produce-queue.ts';
import { GROUP_COORDINATOR } from '../../../connections/kafka/wire/protocol/groups.ts';
import { txnOffsetCommit } from '../../../connections/kafka/wire/protocol/transactions.ts';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { TransactionCoordinator } from '../../../connections/kafka/publish/transaction-coordinator.ts';
import { startOwnBroker, type OwnBroker } from '../../support/own-broker.ts';
import { numbered, position } from './numbered-records.ts';
import { uniqueName } from './test-topic.ts';

let broker: OwnBroker;
let kafka: KafkaConnection;

beforeAll(async () => {
  // Brokers since 3.6 check that a partition is part of the transaction; what is left behind here can't be made then.
  broker = await startOwnBroker(['transaction.partition.verification.enable=false']);
  kafka = openKafka(parseKafkaConfig({ brokers: broker.plainAddress }, 'hanging'));
});
afterAll(async () => {
  await kafka?.close();
  await broker?.stop();
});

interface Hanging {
  topic: string;
  /** The transactional id, and the group of the position. */
  id: string;
  scope: { topic: string; groups: string[]; records: true };
}

/**
 * Records 0 to 99 are committed with the position 100, as they should be. Then 100 more and the position 200 go into a
 * transaction that knows of neither, and so ends without their markers.
 */
async function hanging(outcome: 'commit' | 'abort'): Promise<Hanging> {
  const [topic, other] = [uniqueName('replay'), uniqueName('other')];
  const id = `rewind.${topic}`;
  const made = { partitions: 1, replicationFactor: 1, settings: { 'retention.ms': '-1' } };
  for (const name of [topic, other]) await kafka.createTopic(name, made);
  const first = await kafka.openPublisher({ transactionalId: id });
  await first.commit({ batches: [numbered(topic, 0, 0, 100)], offsets: [position(id, topic, 100)] });
  await first.close();
  const config = parseKafkaConfig({ brokers: broker.plainAddress }, 'hanging');
  const wire = await readWireSettings(config);
  const cluster = new Cluster({ brokers: config.brokers, wire, waitTimeoutMs: config.waitTimeoutMs });
  onTestFinished(() => cluster.close());
  const coordinator = await TransactionCoordinator.initialise(cluster, id, 60_000);
  await coordinator.addPartitions([{ topic: other, partitions: [0] }]);
  const leader = await leaderOf(cluster, await requireTopic(cluster, topic), 0);
  const stamp = { producerId: coordinator.identity.producerId, epoch: coordinator.identity.epoch, sequence: 0 };
  const settings = { transactionalId: id, compression: 'none' as const, timeoutMs: 10_000 };
  await produceInOrder(leader, [{ index: 0, batch: numbered(topic, 0, 100, 200), stamp }], settings, [], () => false);
  const group = await cluster.coordinator(GROUP_COORDINATOR, id);
  const { offsets } = position(id, topic, 200);
  const [answer] = await group.call(txnOffsetCommit, { ...coordinator.identity, group: id, topic, offsets });
  expect(answer?.error).toBe(0);
  await (outcome === 'commit' ? coordinator.commit() : coordinator.abort());
  return { topic, id, scope: { topic, groups: [id], records: true } };
}

async function state({ topic, id }: Hanging): Promise<{ records: number; position: number }> {
  const [last] = await kafka.lastCommittedRecords(topic);
  const { offsets } = await kafka.describeGroup(id, topic);
  return { records: Number(last!.headers[ORDINAL_HEADER]!.toString()) + 1, position: Number(offsets[0]!.offset) };
}

test.each([
  ['commit', 200],
  ['abort', 100],
] as const)('what hangs after a decided %s is ended so, and publishing goes on', async (outcome, out) => {
  const left = await hanging(outcome);
  expect(await kafka.hasHangingTransaction(left.scope, 500)).toBe(true);
  expect(await kafka.lastOutcome(left.id)).toBe(outcome);
  const publisher = await openSettledPublisher(kafka, { transactionalId: left.id }, left.scope);
  expect(await kafka.hasHangingTransaction(left.scope, 5_000)).toBe(false);
  expect(await state(left)).toEqual({ records: out, position: out });
  const { topic, id } = left;
  await publisher.commit({ batches: [numbered(topic, 0, out, 300)], offsets: [position(id, topic, 300)] });
  await publisher.close();
  expect(await state(left)).toEqual({ records: 300, position: 300 });
});

test.each([
  ['commit', 200],
  ['abort', 100],
] as const)(
  'where nobody knows any more how it was to end, it ends by %s as the caller says',
  async (ifUnknown, out) => {
    const left = await hanging('commit');
    // Killed between opening and ending what hangs: the coordinator has forgotten.
    await (await kafka.openPublisher({ transactionalId: left.id })).close();
    expect(await kafka.lastOutcome(left.id)).toBeUndefined();
    await settleTransactions(kafka, { transactionalId: left.id }, left.scope, ifUnknown);
    expect(await state(left)).toEqual({ records: out, position: out });
  },
);

test('nobody is fenced where nothing hangs', async () => {
  const topic = uniqueName('replay');
  const id = `rewind.${topic}`;
  await kafka.createTopic(topic, { partitions: 1, replicationFactor: 1, settings: { 'retention.ms': '-1' } });
  const publisher = await kafka.openPublisher({ transactionalId: id });
  onTestFinished(() => publisher.close());
  await publisher.commit({ batches: [numbered(topic, 0, 0, 10)], offsets: [position(id, topic, 10)] });
  await settleTransactions(kafka, { transactionalId: id }, { topic, groups: [id], records: true }, 'commit');
  await publisher.commit({ batches: [numbered(topic, 0, 10, 20)], offsets: [position(id, topic, 20)] });
  expect(await kafka.lastOutcome(id)).toBe('commit');
});
