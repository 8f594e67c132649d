// Proves that a range of a real log comes whole: every batch with its facts, records with null told from empty and
// headers as they were sent, transactions judged, empty batches of a compacted log, batches larger than a fetch, and
// errors that say where the log begins and ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { OffsetOutOfRange } from '../../../connections/kafka/read/offset-out-of-range.ts';
import type { OffsetRange, ReadOptions, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { numbered } from './numbered-records.ts';
import { withAdmin } from '../../../scripts/stack/with-admin.ts';
import { connect, deleteRecordsBelow, kafkajs, newTopic, publisherOf } from './test-topic.ts';

function readerOf(kafka: KafkaConnection): TopicReader {
  const reader = kafka.openReader();
  onTestFinished(() => reader.close());
  return reader;
}

interface ReadBatch {
  base: bigint;
  next: bigint;
  count: number;
  kind: string;
  records: { offset: bigint; timestamp: bigint; key: string | null; value: string | null; headers: unknown[] }[];
}

async function readAll(reader: TopicReader, range: OffsetRange, options?: ReadOptions): Promise<ReadBatch[]> {
  const batches: ReadBatch[] = [];
  for await (const batch of reader.read(range, options)) {
    const records: ReadBatch['records'] = [];
    for await (const run of batch.records())
      while (run.next())
        records.push({
          offset: run.offset,
          timestamp: run.timestamp,
          key: run.key?.toString() ?? null,
          value: run.value?.toString() ?? null,
          headers: run.headers().map(({ name, value }) => [name, value?.toString() ?? null]),
        });
    const { baseOffset: base, nextOffset: next, count, marker, kind } = batch;
    batches.push({ base, next, count, kind: marker ?? kind, records });
  }
  return batches;
}

async function kafkajsSend(
  topic: string,
  messages: object[],
  compression = CompressionTypes.None,
  options: object = {},
): Promise<void> {
  const producer = kafkajs().producer(options);
  await producer.connect();
  await producer.send({ topic, compression, messages: messages as never });
  await producer.disconnect();
}

describe('read', () => {
  it('gives what kafkajs sent: nulls, empties and repeated headers', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    await kafkajsSend(topic, [
      { key: 'k', value: 'v', timestamp: '1000', headers: { a: ['1', '2'], b: '' } },
      { key: null, value: null, timestamp: '0' },
      { key: '', value: '', timestamp: '1001' },
    ]);
    await kafkajsSend(topic, [{ key: 'z', value: 'packed', timestamp: '1' }], CompressionTypes.GZIP);
    const batches = await readAll(readerOf(kafka), { topic, partition: 0, from: 0n, to: 4n });
    expect(batches).toEqual([
      {
        base: 0n,
        next: 3n,
        count: 3,
        kind: 'data',
        records: [
          {
            offset: 0n,
            timestamp: 1000n,
            key: 'k',
            value: 'v',
            headers: [
              ['a', '1'],
              ['a', '2'],
              ['b', ''],
            ],
          },
          { offset: 1n, timestamp: 0n, key: null, value: null, headers: [] },
          { offset: 2n, timestamp: 1001n, key: '', value: '', headers: [] },
        ],
      },
      {
        base: 3n,
        next: 4n,
        count: 1,
        kind: 'data',
        records: [{ offset: 3n, timestamp: 1n, key: 'z', value: 'packed', headers: [] }],
      },
    ]);
  });

  it('tells committed and aborted transactions and their markers, also where a fetch begins in the midst of one', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [numbered(topic, 0, 0, 5), numbered(topic, 0, 5, 10)], offsets: [] });
    // A commit is answered before its marker is in the log.
    expect(await kafka.hasHangingTransaction({ topic, groups: [], records: true }, 10_000)).toBe(false);
    const other = kafkajs().producer({ transactionalId: `other-${topic}`, idempotent: true, maxInFlightRequests: 1 });
    await other.connect();
    const transaction = await other.transaction();
    for (const value of ['one', 'two']) await transaction.send({ topic, messages: [{ value }] });
    await transaction.abort();
    await other.disconnect();
    const reader = readerOf(kafka);
    const kinds = (batches: ReadBatch[]): unknown[] => batches.map(({ base, kind }) => [Number(base), kind]);
    const all = [
      [0, 'data'],
      [5, 'data'],
      [10, 'commit'],
      [11, 'aborted'],
      [12, 'aborted'],
      [13, 'abort'],
    ];
    expect(kinds(await readAll(reader, { topic, partition: 0, from: 0n, to: 14n }))).toEqual(all);
    expect(kinds(await readAll(reader, { topic, partition: 0, from: 12n, to: 14n }))).toEqual(all.slice(4));
    const part = await readAll(reader, { topic, partition: 0, from: 3n, to: 7n });
    expect(part.map(({ base, records }) => [Number(base), records.map(({ offset }) => Number(offset))])).toEqual([
      [0, [3, 4]],
      [5, [5, 6]],
    ]);
    // Small fetches: each answer holds one batch, and is judged for itself.
    expect(kinds(await readAll(reader, { topic, partition: 0, from: 0n, to: 14n }, { maxBytes: 1 }))).toEqual(all);
    const uncommitted = await readAll(reader, { topic, partition: 0, from: 0n, to: 14n }, { isolation: 'uncommitted' });
    expect(kinds(uncommitted)).toEqual(all.map(([base, kind]) => [base, kind === 'aborted' ? 'data' : kind]));
  });

  it('says where the log begins and ends where an offset is not in it', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    await kafkajsSend(
      topic,
      Array.from({ length: 10 }, (_, index) => ({ value: `${index}` })),
    );
    await deleteRecordsBelow(topic, '4');
    const reader = readerOf(kafka);
    const below = await readAll(reader, { topic, partition: 0, from: 2n, to: 10n }).catch((error: unknown) => error);
    expect(below).toBeInstanceOf(OffsetOutOfRange);
    expect(below).toMatchObject({ fault: 'changed', offset: 2n, logStart: 4n, logEnd: 10n });
    const above = await readAll(reader, { topic, partition: 0, from: 11n, to: 12n }).catch((error: unknown) => error);
    expect(above).toMatchObject({ fault: 'changed', offset: 11n, logStart: 4n, logEnd: 10n });
    expect(await readAll(reader, { topic, partition: 0, from: 4n, to: 10n })).toHaveLength(1);
  });

  it('waits for an end that does not come no longer than it may, and says what is in the way', async () => {
    const kafka = connect({ waitTimeoutMs: 500 });
    const topic = await newTopic(kafka);
    await kafkajsSend(topic, [{ value: 'committed' }]);
    const other = kafkajs().producer({ transactionalId: `open-${topic}`, idempotent: true, maxInFlightRequests: 1 });
    await other.connect();
    const transaction = await other.transaction();
    await transaction.send({ topic, messages: [{ value: 'open' }] });
    const reader = readerOf(kafka);
    await expect(readAll(reader, { topic, partition: 0, from: 0n, to: 2n })).rejects.toMatchObject({
      fault: 'unavailable',
      message: expect.stringContaining('a transaction that is open since offset 1') as string,
    });
    expect(await kafka.openTransactions(topic, 0)).toMatchObject([{ startOffset: 1n }]);
    await transaction.commit();
    await other.disconnect();
    await expect(readAll(reader, { topic, partition: 0, from: 0n, to: 9n })).rejects.toMatchObject({
      fault: 'changed',
      message: expect.stringContaining('found its end at 3') as string,
    });
    expect(await kafka.openTransactions(topic, 0)).toEqual([]);
  });

  it('gives a batch that is larger than a fetch, and stops with the signal', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 1, { 'max.message.bytes': '20000000' });
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [numbered(topic, 0, 0, 4, 3_000_000), numbered(topic, 0, 4, 5)], offsets: [] });
    const reader = readerOf(kafka);
    const batches = await readAll(reader, { topic, partition: 0, from: 0n, to: 6n }, { maxBytes: 100_000 });
    expect(batches.map(({ count }) => count)).toEqual([4, 1, 1]);
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const batch of reader.read({ topic, partition: 0, from: 0n, to: 99n }, { signal: controller.signal }))
        if (batch.nextOffset === 6n) setTimeout(() => controller.abort(new Error('enough')), 10);
    };
    await expect(read()).rejects.toThrow('enough');
  });

  it('tells a topic that was created again from the one that was meant', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    await kafkajsSend(topic, [{ value: 'old' }]);
    const topicId = (await kafka.listTopics([topic]))[0]!.id!;
    const reader = readerOf(kafka);
    const range = { topic, topicId, partition: 0, from: 0n, to: 1n };
    expect(await readAll(reader, range)).toHaveLength(1);
    await withAdmin(kafkajs(), (admin) => admin.deleteTopics({ topics: [topic] }));
    while ((await kafka.describeTopic(topic)) !== undefined) await sleep(50);
    await expect(readAll(reader, range)).rejects.toMatchObject({ fault: 'not-found' });
    await kafka.createTopic(topic, { partitions: 1, replicationFactor: 1, settings: {} });
    await kafkajsSend(topic, [{ value: 'new' }]);
    await expect(readAll(reader, range)).rejects.toMatchObject({
      fault: 'changed',
      message: expect.stringContaining(topicId) as string,
    });
  });

  it("goes over what a log cleaner left: holes, batches without records, and the broker's timestamps", async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 1, {
      'cleanup.policy': 'compact',
      'segment.ms': '100',
      'segment.bytes': '1048576',
      'min.cleanable.dirty.ratio': '0.001',
      'delete.retention.ms': '0',
      'message.timestamp.type': 'LogAppendTime',
    });
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    for (let turn = 0; turn < 5; turn++) {
      await publisher.commit({ batches: [numbered(topic, 0, 0, 10), numbered(topic, 0, turn, turn + 1)], offsets: [] });
      await sleep(150);
    }
    const keyed = (value: string): object[] =>
      Array.from({ length: 10 }, (_, index) => ({ key: `key ${index}`, value }));
    // The last batch of an idempotent producer stays when its records go, so that its sequence number is known.
    await kafkajsSend(topic, keyed('last'), CompressionTypes.None, { idempotent: true });
    await sleep(150);
    await kafkajsSend(topic, keyed('final'));
    const reader = readerOf(kafka);
    const end = 5n * 12n + 20n;
    for (let tries = 0; ; tries++) {
      const batches = await readAll(reader, { topic, partition: 0, from: 0n, to: end });
      expect(batches.at(-1)!.next).toBe(end);
      const offsets = batches.flatMap(({ records }) => records.map(({ offset }) => offset));
      expect(offsets).toEqual(offsets.toSorted((a, b) => Number(a - b)));
      for (const { records, base, next } of batches)
        for (const { offset } of records) expect(offset >= base && offset < next).toBe(true);
      const data = batches.flatMap(({ kind, records }) => (kind === 'data' ? records : []));
      expect(new Map(data.map(({ key, value }) => [key, value])).size).toBe(10);
      if (data.length === 10 && batches.some(({ count }) => count === 0)) break;
      expect(tries, JSON.stringify(batches.map(({ count, kind }) => [kind, count]))).toBeLessThan(60);
      await kafkajsSend(topic, [{ key: 'roll', value: `${tries}` }]); // a segment is rolled when something comes
      await sleep(500);
    }
    // From the midst of a hole, too.
    const [first] = await readAll(reader, { topic, partition: 0, from: 13n, to: end });
    expect(first!.next > 13n).toBe(true);
  });
});

describe('admin', () => {
  it('lists topics, offsets of many at once, by time too, settings and sizes, and says what is wrong with which', async () => {
    const kafka = connect();
    const [one, two] = [await newTopic(kafka, 2), await newTopic(kafka, 1, { 'max.message.bytes': '12345' })];
    await kafkajsSend(one, [
      { value: 'a', timestamp: '1000', partition: 1 },
      { value: 'b', timestamp: '2000', partition: 1 },
    ]);
    const listed = await kafka.listTopics([one, two, 'no-such-topic']);
    expect(listed.map(({ topic }) => topic).toSorted()).toEqual([one, two].toSorted());
    expect(listed.every(({ id, internal }) => id?.length === 32 && !internal)).toBe(true);
    expect(listed.find(({ topic }) => topic === one)!.partitions).toMatchObject([
      { partition: 0, leaderEpoch: 0, replicas: [expect.any(Number)], inSync: [expect.any(Number)] },
      { partition: 1, leaderEpoch: 0 },
    ]);
    const all = await kafka.listTopics();
    expect(all.find(({ topic }) => topic === '__consumer_offsets')?.internal ?? true).toBe(true);
    expect(all.map(({ topic }) => topic)).toContain(two);
    const asked = [
      { topic: one, partitions: [0, 1, 7] },
      { topic: 'no-such-topic', partitions: [0] },
    ];
    const missing = [
      { topic: one, partition: 7, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
      { topic: 'no-such-topic', partition: 0, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
    ];
    expect(await kafka.listOffsets(asked, 'latest')).toMatchObject([
      { topic: one, partition: 0, offset: 0n },
      { topic: one, partition: 1, offset: 2n },
      ...missing,
    ]);
    const byTime = await kafka.listOffsets([{ topic: one, partitions: [0, 1] }], { time: 1500n });
    expect(byTime[0]!.offset).toBeUndefined();
    expect(byTime[1]).toMatchObject({ offset: 1n, timestamp: 2000n, leaderEpoch: 0 });
    const settings = await kafka.describeSettings([two, one]);
    expect(settings.map(({ topic }) => topic)).toEqual([two, one]);
    expect(settings[0]!.settings['max.message.bytes']).toEqual({ value: '12345', inherited: false });
    const sizes = await kafka.describeSizes([{ topic: one, partitions: [0, 1] }]);
    expect(sizes.find(({ partition }) => partition === 0)).toEqual({ topic: one, partition: 0, bytes: 0n });
    expect(sizes.find(({ partition }) => partition === 1)!.bytes).toBeGreaterThan(60n);
  });
});
