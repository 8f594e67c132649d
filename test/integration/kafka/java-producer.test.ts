// Proves that a log that Java's own producer wrote is read as Java reads it: each batch with all its facts, each record
// with its bytes, in every codec, with nulls, empties and headers as they were, with transactions that interleave, and
// after the log cleaner went over it.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { JavaKafka } from '../../support/java-kafka.ts';
import type { JavaReadBatch, JavaReadRecord, JavaRecord } from '../../support/java-kafka.ts';
import { connect, newTopic, uniqueName } from './test-topic.ts';

/** A batch without the cleaner's bookkeeping, and what a consumer gets of it. */
type Batch = Omit<JavaReadBatch, 'deleteHorizon'> & { kind: 'data' | 'aborted' | 'control' | 'empty' };

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
/** Times far from now in both directions are kept. */
const ANY_TIME = { 'retention.ms': '-1', 'message.timestamp.after.max.ms': '9223372036854775807' };

let java: JavaKafka;

beforeAll(async () => {
  java = await JavaKafka.start(inject('stack').kafka);
});
afterAll(() => java?.end());

async function javaReads(topic: string, to: bigint): Promise<Batch[]> {
  return judged(await java.log(inject('stackName'), topic), await java.consume(topic, to));
}

/** What Java reads in the files of a log, told apart by what its consumer gets. */
function judged(log: JavaReadBatch[], consumed: JavaReadRecord[]): Batch[] {
  const given = new Map(consumed.map((record) => [record.offset, record]));
  return log.map(({ deleteHorizon: _, ...batch }) => {
    const [first] = batch.records;
    if (first === undefined) return { ...batch, kind: 'empty' };
    if (batch.control || !given.has(first.offset)) return { ...batch, kind: batch.control ? 'control' : 'aborted' };
    for (const record of batch.records) expect(record).toEqual(given.get(record.offset));
    return { ...batch, kind: 'data' };
  });
}

async function rewindReads(kafka: KafkaConnection, topic: string, from: bigint, to: bigint): Promise<Batch[]> {
  const reader = kafka.openReader();
  const batches: Batch[] = [];
  for await (const batch of reader.read({ topic, partition: 0, from, to })) {
    const records: JavaReadRecord[] = [];
    for await (const run of batch.records())
      while (run.next()) {
        const { offset, timestamp, key, value } = run;
        expect(BigInt(Number.isNaN(run.timestampNumber) ? timestamp : run.timestampNumber)).toBe(timestamp);
        const headers = run.headers().map(({ name, value: text }): [string, string | null] => [name, shown(text)]);
        records.push({ offset, timestamp, key: shown(key), value: shown(value), headers });
      }
    const { baseOffset, lastOffset, leaderEpoch, timestampType, maxTimestamp, producerId, producerEpoch } = batch;
    const { baseSequence, isTransactional, compression, bytes, kind } = batch;
    const control = kind === 'control';
    const facts = { baseOffset, lastOffset, control, leaderEpoch, timestampType, maxTimestamp, producerId };
    const more = { producerEpoch, baseSequence, isTransactional, compression, bytes, records };
    batches.push({ ...facts, ...more, kind: control || batch.count > 0 ? kind : 'empty' });
  }
  await reader.close();
  return batches;
}

function shown(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString();
}

/**
 * Waits until the first open transaction begins at an offset, or the log ends there: markers are written after a
 * producer was told that its transaction has ended.
 */
async function stableAt(kafka: KafkaConnection, topic: string, offset: bigint): Promise<void> {
  for (;;) {
    const [stable] = await kafka.listOffsets([{ topic, partitions: [0] }], 'stable');
    if (stable?.offset === offset) return;
    expect(stable!.offset! < offset).toBe(true);
    await sleep(50);
  }
}

/** Records in all that a record can have; the values are long enough for several blocks of a codec. */
function allKinds(): JavaRecord[] {
  const words = Array.from({ length: 30_000 }, (_, index) => `word${(index * 7919) % 1013}`).join(' ');
  return [
    { timestamp: 1_414_915_200_000n, key: 'key', value: 'value', headers: [] },
    { timestamp: 1_414_915_200_000n, key: null, value: null },
    { timestamp: 0n, key: '', value: '', headers: [['', '']] },
    { timestamp: 9_007_199_254_740_993n, key: null, value: words },
    {
      timestamp: 1n,
      key: 'é☃😀',
      value: null,
      headers: [
        ['b', '1'],
        ['a', null],
        ['b', ''],
        ['é☃', words.slice(0, 40_000)],
        ['b', '1'],
      ],
    },
    ...Array.from({ length: 300 }, (_, index): JavaRecord => {
      const timestamp = BigInt(1_414_915_200_000 - (index % 7) * 1000);
      return { timestamp, key: `${index % 11}`, value: words.slice(0, index) };
    }),
  ];
}

const asRead = (records: JavaRecord[], offsets: bigint[]): JavaReadRecord[] =>
  records.map(({ timestamp, key, value, headers = [] }, index) => {
    return { offset: offsets[index]!, timestamp: timestamp!, key, value, headers };
  });

it.each(['CreateTime', 'LogAppendTime'])('every codec, with or without sequence numbers, with %s', async (type) => {
  const kafka = connect();
  const topic = await newTopic(kafka, 1, { ...ANY_TIME, 'message.timestamp.type': type });
  const sent: JavaReadRecord[] = [];
  for (const codec of CODECS)
    for (const idempotent of ['true', 'false']) {
      const producer = uniqueName(codec);
      await java.openProducer(producer, { 'compression.type': codec, 'enable.idempotence': idempotent });
      for (let batch = 0; batch < 2; batch++)
        sent.push(...asRead(allKinds(), await java.send(producer, topic, allKinds())));
    }
  const end = BigInt(sent.length);
  const batches = await rewindReads(kafka, topic, 0n, end);
  expect(batches).toEqual(await javaReads(topic, end));
  const records = batches.flatMap((batch) => batch.records);
  if (type === 'CreateTime') expect(records).toEqual(sent);
  else {
    const timeless = (list: JavaReadRecord[]) => list.map((record) => ({ ...record, timestamp: 0n }));
    expect(timeless(records)).toEqual(timeless(sent));
    for (const { maxTimestamp, records: own } of batches)
      for (const { timestamp } of own) expect(timestamp).toBe(maxTimestamp);
  }
  expect(batches.map(({ compression }) => compression)).toEqual(
    CODECS.flatMap((codec) => Array.from({ length: 4 }, () => codec)),
  );
  expect(batches.map(({ producerId }) => producerId >= 0n)).toEqual(CODECS.flatMap(() => [true, true, false, false]));
});

it('transactions that interleave, commit and abort, wherever the reading begins', async () => {
  const kafka = connect();
  const topic = await newTopic(kafka, 1, ANY_TIME);
  const [left, right, plain] = [uniqueName('left'), uniqueName('right'), uniqueName('plain')];
  for (const producer of [left, right])
    await java.openProducer(producer, { 'transactional.id': producer, 'compression.type': 'zstd' });
  await java.openProducer(plain);
  const send = (producer: string, records: number) =>
    java.send(
      producer,
      topic,
      Array.from({ length: records }, (_, index) => ({ timestamp: 1n, key: producer, value: `${index}` })),
    );
  await java.transaction('begin', left);
  await java.transaction('begin', right);
  await send(left, 3);
  await send(right, 2);
  await send(plain, 1);
  await send(left, 1);
  await java.transaction('abort', left);
  await stableAt(kafka, topic, 3n); // right's first record; left's marker is in the log
  await send(right, 2);
  await java.transaction('begin', left); // the same producer, committed this time
  await send(left, 2);
  await java.transaction('commit', right);
  await stableAt(kafka, topic, 10n);
  await java.transaction('commit', left);
  await stableAt(kafka, topic, 14n);
  const read = await rewindReads(kafka, topic, 0n, 14n);
  expect(read).toEqual(await javaReads(topic, 14n));
  expect(read.map(({ kind }) => kind).join(' ')).toBe('aborted data data aborted control data data control control');
  for (let from = 1n; from < 14n; from++) {
    const part = await rewindReads(kafka, topic, from, 14n);
    expect(part.map(({ baseOffset, kind }) => [baseOffset, kind])).toEqual(
      read.filter(({ lastOffset }) => lastOffset >= from).map(({ baseOffset, kind }) => [baseOffset, kind]),
    );
  }
});

it('what the cleaner left of compressed transactions, tombstones and markers', async () => {
  const kafka = connect();
  const topic = await newTopic(kafka, 1, {
    ...ANY_TIME,
    'cleanup.policy': 'compact',
    'segment.ms': '100',
    'min.cleanable.dirty.ratio': '0.001',
    'delete.retention.ms': '86400000',
  });
  const [one, other, plain, roll] = [uniqueName('one'), uniqueName('other'), uniqueName('plain'), uniqueName('roll')];
  for (const producer of [one, other])
    await java.openProducer(producer, { 'transactional.id': producer, 'compression.type': 'lz4' });
  await java.openProducer(plain, { 'compression.type': 'snappy' });
  await java.openProducer(roll, { 'enable.idempotence': 'false' });
  const keyed = (keys: number, value: string | null): JavaRecord[] =>
    Array.from({ length: keys }, (_, index) => {
      return { timestamp: BigInt(1000 + index), key: `key ${index}`, value, headers: [['of', value]] };
    });
  const turn = async (producer: string, end: 'commit' | 'abort', records: JavaRecord[]): Promise<void> => {
    await java.transaction('begin', producer);
    await java.send(producer, topic, records);
    await java.transaction(end, producer);
  };
  await java.send(plain, topic, keyed(20, 'oldest')); // its sequence number is kept, its records are not
  await turn(one, 'commit', keyed(20, 'old'));
  await turn(one, 'abort', keyed(20, 'never'));
  await turn(other, 'commit', keyed(10, 'newer'));
  await turn(one, 'commit', keyed(5, null)); // tombstones
  await turn(other, 'abort', keyed(3, 'never'));
  let end = 83n;
  for (let tries = 0; ; tries++) {
    // A segment is rolled when a record comes that is younger, and then may be cleaned.
    await sleep(500);
    await java.send(roll, topic, [{ key: 'roll', value: `${tries}` }]);
    await stableAt(kafka, topic, ++end);
    const before = await java.log(inject('stackName'), topic);
    const left = before.map(({ records }) => records.length);
    expect(tries, `records in the batches: ${left.join()}`).toBeLessThan(120);
    if (left[0] !== 0 || !before.some(({ deleteHorizon }) => deleteHorizon)) continue;
    const read = await rewindReads(kafka, topic, 0n, end);
    const consumed = await java.consume(topic, end);
    const after = await java.log(inject('stackName'), topic);
    if (!isDeepStrictEqual(before, after)) continue; // cleaned again meanwhile
    expect(read).toEqual(judged(after, consumed));
    const live = read.flatMap(({ kind, records }) => (kind === 'data' ? records : []));
    const values = new Map(live.map(({ key, value }) => [key, value]));
    for (let key = 0; key < 20; key++)
      expect(values.get(`key ${key}`)).toBe(key < 5 ? null : key < 10 ? 'newer' : 'old');
    break;
  }
});
