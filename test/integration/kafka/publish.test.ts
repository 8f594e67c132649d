// Proves that what a publisher commits is what any consumer gets: a plain kafkajs consumer with read_committed reads
// every record with its key, value, headers and timestamp, in order, from one or several partitions and with every
// compression, and the group offsets of the same transaction are there with their metadata.
import { describe, expect, it } from 'vitest';
import { int64FromBigInt } from '../../../formats/int64.ts';
import { ORDINAL_HEADER, RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import { body, withLength } from '../../connections/kafka/encoded-body.ts';
import { FIRST_TIMESTAMP, numbered, position, sentinel } from './numbered-records.ts';
import { withAdmin } from '../../../scripts/stack/with-admin.ts';
import { connect, consume, kafkajs, newTopic, publisherOf, uniqueName } from './test-topic.ts';

const UNLIMITED = {
  'message.timestamp.before.max.ms': `${2n ** 63n - 1n}`,
  'message.timestamp.after.max.ms': `${2n ** 63n - 1n}`,
};

describe('a publisher', () => {
  it('publishes records that a plain consumer reads with keys, values, headers and timestamps', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 1, UNLIMITED);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    const timestamps = [0n, 1n, FIRST_TIMESTAMP, 5n, 253_402_300_799_999n, 2n ** 53n + 1n];
    const builder = new RecordBatchBuilder({ topic, partition: 0 });
    const headers = Buffer.concat([withLength('source'), withLength('camus')]);
    timestamps.forEach((timestamp, ordinal) => {
      const bytes = body(ordinal === 1 ? null : `key ${ordinal}`, ordinal === 2 ? null : `value ${ordinal}`);
      const { hi, lo } = int64FromBigInt(timestamp);
      builder.add(hi, lo, bytes, 0, bytes.length, ordinal, headers, 0, headers.length, 1);
    });
    const { baseOffsets } = await publisher.commit({ batches: [builder.take(), sentinel(topic)], offsets: [] });
    expect(baseOffsets).toEqual([0n, BigInt(timestamps.length)]);

    const [messages] = await consume(topic);
    expect(messages!.map(({ timestamp }) => BigInt(timestamp))).toEqual(timestamps);
    expect(messages!.map(({ key }) => key?.toString())).toEqual([
      'key 0',
      undefined,
      'key 2',
      'key 3',
      'key 4',
      'key 5',
    ]);
    expect(messages!.map(({ value }) => value?.toString())).toEqual([
      'value 0',
      'value 1',
      undefined,
      'value 3',
      'value 4',
      'value 5',
    ]);
    messages!.forEach((message, ordinal) => {
      expect(Object.entries(message.headers!).map(([name, value]) => [name, value!.toString()])).toEqual([
        [ORDINAL_HEADER, String(ordinal)],
        ['source', 'camus'],
      ]);
    });
  });

  it('keeps the order within each of several partitions over many transactions and batches', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 3);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    const group = uniqueName('position');
    for (let transaction = 0; transaction < 10; transaction++) {
      const from = transaction * 1000;
      const batches = [0, 1, 2].flatMap((partition) =>
        Array.from({ length: 10 }, (_, part) =>
          numbered(topic, partition, from + part * 100, from + part * 100 + 100, 300),
        ),
      );
      const { baseOffsets } = await publisher.commit({ batches, offsets: [position(group, topic, from + 1000)] });
      // Each transaction ends with a marker of its own in every partition.
      expect(baseOffsets).toEqual(
        [0, 1, 2].flatMap(() => Array.from({ length: 10 }, (_, part) => BigInt(from + part * 100 + transaction))),
      );
    }
    await publisher.commit({ batches: [0, 1, 2].map((partition) => sentinel(topic, partition)), offsets: [] });
    for (const messages of await consume(topic, 3)) {
      expect(messages).toHaveLength(10_000);
      expect(messages.every(({ headers }, index) => headers![ORDINAL_HEADER]!.toString() === String(index))).toBe(true);
    }
    expect((await kafka.lastCommittedRecords(topic)).map((last) => last!.offset)).toEqual([10_010n, 10_010n, 10_010n]);
  });

  it.each(['none', 'gzip', 'snappy', 'lz4'] as const)(
    'publishes with %s what the broker itself can unpack',
    async (compression) => {
      const kafka = connect();
      // The broker packs again what comes in another compression, so that kafkajs, which lacks some, can read it.
      const topic = await newTopic(kafka, 1, { 'compression.type': 'gzip' });
      const publisher = await publisherOf(kafka, { transactionalId: topic, compression });
      await publisher.commit({ batches: [numbered(topic, 0, 0, 3000, 100), sentinel(topic)], offsets: [] });
      const [messages] = await consume(topic);
      expect(messages!.map(({ key }) => key!.toString())).toEqual(
        Array.from({ length: 3000 }, (_, index) => `key ${index}`),
      );
      const [last] = await kafka.lastCommittedRecords(topic);
      expect(last!.offset).toBe(3000n);
    },
  );

  it('reads back the last record of a topic in every compression', async () => {
    const kafka = connect();
    for (const compression of ['gzip', 'snappy', 'lz4'] as const) {
      const topic = await newTopic(kafka, 1, { 'compression.type': compression });
      const publisher = await publisherOf(kafka, { transactionalId: topic });
      await publisher.commit({ batches: [numbered(topic, 0, 0, 3000, 100)], offsets: [] });
      const [last] = await kafka.lastCommittedRecords(topic);
      expect(last).toMatchObject({ offset: 2999n, timestamp: FIRST_TIMESTAMP + 2999n });
      expect(last!.headers[ORDINAL_HEADER]!.toString()).toBe('2999');
    }
  });

  it('commits group offsets with metadata, together with records or alone, which a kafkajs admin and consumer read', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 2);
    const [first, second] = [uniqueName('first'), uniqueName('second')];
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({
      batches: [numbered(topic, 0, 0, 10), numbered(topic, 1, 10, 20)],
      offsets: [position(first, topic, 20, 'job 1')],
    });
    const both = [0, 1].map((partition) => ({
      partition,
      offset: 7n + BigInt(partition),
      metadata: `Prüfung ${partition}`,
    }));
    await publisher.commit({
      batches: [],
      offsets: [
        { group: first, topic, offsets: both },
        { group: second, topic, offsets: both },
      ],
    });

    const expected = { members: 0, offsets: both };
    expect(await kafka.describeGroup(first, topic)).toEqual({ group: first, ...expected });
    expect(await kafka.describeGroup(second, topic)).toEqual({ group: second, ...expected });
    const [offsets] = await withAdmin(kafkajs(), (admin) => admin.fetchOffsets({ groupId: second, topics: [topic] }));
    expect(offsets!.partitions).toEqual([
      { partition: 0, offset: '7', metadata: 'Prüfung 0' },
      { partition: 1, offset: '8', metadata: 'Prüfung 1' },
    ]);
    const seen: Record<number, string> = {};
    const consumer = kafkajs().consumer({ groupId: second });
    await consumer.connect();
    await consumer.subscribe({ topic });
    await new Promise<void>((resolve) => {
      void consumer.run({
        eachMessage: async ({ partition, message }) => {
          seen[partition] ??= message.offset;
          if (Object.keys(seen).length === 2) resolve();
        },
      });
    });
    await consumer.disconnect();
    expect(seen).toEqual({ 0: '7', 1: '8' });
  });

  it('does nothing for an empty transaction, and queues transactions that come at once', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    expect(await publisher.commit({ batches: [], offsets: [] })).toEqual({ baseOffsets: [] });
    const results = await Promise.all(
      [0, 1, 2, 3].map((part) =>
        publisher.commit({ batches: [numbered(topic, 0, part * 10, part * 10 + 10)], offsets: [] }),
      ),
    );
    expect(results.map(({ baseOffsets }) => baseOffsets[0])).toEqual([0n, 11n, 22n, 33n]);
  });

  it('ends for good at the first error, says which batch of which partition, and leaves nothing to be read', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 1, { 'max.message.bytes': '20000' });
    const group = uniqueName('position');
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [numbered(topic, 0, 0, 10)], offsets: [position(group, topic, 10)] });
    const tooLarge = {
      batches: [numbered(topic, 0, 10, 20), numbered(topic, 0, 20, 30, 5000)],
      offsets: [position(group, topic, 30)],
    };
    const error: unknown = await publisher.commit(tooLarge).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      fault: 'refused',
      facts: { topic, partition: 0, records: 10, code: 'MESSAGE_TOO_LARGE' },
    });
    expect((error as Error).message).toContain('max.message.bytes');
    await expect(publisher.commit({ batches: [numbered(topic, 0, 10, 20)], offsets: [] })).rejects.toBe(error);
    await expect(publisher.commit({ batches: [], offsets: [] })).rejects.toBe(error);

    const next = await publisherOf(kafka, { transactionalId: topic });
    expect((await kafka.describeGroup(group, topic)).offsets[0]!.offset).toBe(10n);
    await next.commit({
      batches: [numbered(topic, 0, 10, 20), sentinel(topic)],
      offsets: [position(group, topic, 20)],
    });
    const [messages] = await consume(topic);
    expect(messages!.map(({ key }) => key!.toString())).toEqual(
      Array.from({ length: 20 }, (_, index) => `key ${index}`),
    );
  });

  it('refuses a transaction timeout above what the brokers allow, and names the setting', async () => {
    await expect(
      connect().openPublisher({ transactionalId: uniqueName('id'), transactionTimeoutMs: 2 ** 31 - 1 }),
    ).rejects.toMatchObject({ fault: 'refused', message: /transaction\.max\.timeout\.ms/ });
  });

  it('ends with not-found for a topic or a partition that is not there, and creates none', async () => {
    const kafka = connect();
    const topic = uniqueName('missing');
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await expect(publisher.commit({ batches: [numbered(topic, 0, 0, 1)], offsets: [] })).rejects.toMatchObject({
      fault: 'not-found',
    });
    expect(await kafka.describeTopic(topic)).toBeUndefined();
    const there = await newTopic(kafka, 2);
    const second = await publisherOf(kafka, { transactionalId: there });
    await expect(second.commit({ batches: [numbered(there, 2, 0, 1)], offsets: [] })).rejects.toMatchObject({
      fault: 'not-found',
      message: /2 partitions/,
    });
  });
});
