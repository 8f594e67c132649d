// Proves on a real broker that the verifier reads a replay topic to its very end: past control records and aborted
// transactions, which leave gaps and come last, in several partitions; and that it tells an open transaction, and
// records that were published twice.
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import { CamusArchive, verifyReplay } from '../../support/camus-archive/index.ts';
import { resolveOptions } from '../../support/camus-archive/archive-options.ts';
import type { Message, Producer } from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const options = resolveOptions({ dest: '/camus/dest', exec: '/camus/exec', records: 3000, hours: 3 });
const truth = new CamusArchive({ options, laterRuns: [] }).truth();

interface ReplayTopic {
  topic: string;
  brokers: string[];
  producer: Producer;
}

async function replayTopic(partitions: number): Promise<ReplayTopic> {
  const brokers = inject('stack').kafka;
  const topic = `verify-${randomUUID()}`;
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  // The records are older than any retention.
  const configEntries = [{ name: 'retention.ms', value: '-1' }];
  await createTopics(admin, [{ topic, numPartitions: partitions, configEntries }]);
  const producer = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  onTestFinished(async () => {
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });
  return { topic, brokers, producer };
}

function message(position: number, partitions: number): Message {
  return {
    partition: position % partitions,
    key: null,
    value: truth.json(position),
    timestamp: String(truth.time(position)),
    headers: { 'rewind-ordinal': String(position) },
  };
}

async function publish(
  { producer, topic }: ReplayTopic,
  positions: number[],
  partitions: number,
  end: 'commit' | 'abort',
) {
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: positions.map((position) => message(position, partitions)) });
  await transaction[end]();
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

test.each([1, 3])(
  'a replay in %i partitions, with aborted transactions in it and at its end, is found right',
  async (partitions) => {
    const replay = await replayTopic(partitions);
    for (let from = 0; from < truth.total; from += 500) {
      await publish(replay, range(from, from + 500), partitions, 'commit');
      await publish(replay, range(0, 7), partitions, 'abort');
    }
    const found = await verifyReplay({ ...replay, truth });
    expect(found.summary).toContain('as expected: 3000 records of 3000');
    expect(found.ok).toBe(true);
    expect(found.partitions.reduce((sum, { high }) => sum + high, 0n)).toBeGreaterThan(3000n);

    await publish(replay, [17], partitions, 'commit');
    const twice = await verifyReplay({ ...replay, truth });
    expect(twice.ok).toBe(false);
    expect(twice.summary).toContain('ordinal 17: came before: published twice');
  },
);

test('an open transaction is told, with the partition and its position', async () => {
  const replay = await replayTopic(1);
  await publish(replay, range(0, 100), 1, 'commit');
  const transaction = await replay.producer.transaction();
  await transaction.send({ topic: replay.topic, messages: [message(100, 1)] });
  await expect(verifyReplay({ ...replay, truth, idleMs: 2000 })).rejects.toThrow(
    /nothing new for 2000 ms: partition 0 at 101 of 102. Is a transaction open\?/,
  );
  await transaction.abort();
  const lost = await verifyReplay({ ...replay, truth });
  expect(lost.missing).toMatchObject({ count: 2900, first: range(100, 110) });
});

test('a topic without a record lacks all of them', async () => {
  const replay = await replayTopic(1);
  expect(await verifyReplay({ ...replay, truth })).toMatchObject({ ok: false, consumed: 0, missing: { count: 3000 } });
});
