// Proves that the last committed record is found behind a long tail of aborted ones, markers and deleted records, in
// each partition, and that aborted records are counted over fetches that cut transactions and batches in two.
import { describe, expect, it } from 'vitest';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { TransactionCoordinator } from '../../../connections/kafka/publish/transaction-coordinator.ts';
import { numbered, sentinel } from './numbered-records.ts';
import { connect, deleteRecordsBelow, newTopic, publisherOf } from './test-topic.ts';

/** Writes records in a transaction that the next publisher of the same id aborts. */
async function abort(kafka: KafkaConnection, topic: string, from: number, to: number, filling: number): Promise<void> {
  const publisher = await kafka.openPublisher({ transactionalId: topic });
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const original = TransactionCoordinator.prototype.commit;
  TransactionCoordinator.prototype.commit = () => Promise.reject(new Error('left open'));
  try {
    const half = (from + to) >> 1;
    const batches = [numbered(topic, 0, from, half, filling), numbered(topic, 0, half, to, filling)];
    await expect(publisher.commit({ batches, offsets: [] })).rejects.toThrow('left open');
  } finally {
    TransactionCoordinator.prototype.commit = original;
  }
}

describe('lastCommittedRecords', () => {
  it('finds the record before a long tail of aborted transactions, and counts those', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 2);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [numbered(topic, 0, 0, 50)], offsets: [] });
    // 20 transactions of 1,000 records and 600 KB each, so that neither a step backwards nor a fetch holds them all.
    for (let turn = 0; turn < 20; turn++) await abort(kafka, topic, 50, 1050, 500);
    await publisherOf(kafka, { transactionalId: topic });

    const [last, none] = await kafka.lastCommittedRecords(topic);
    expect(none).toBeUndefined();
    expect(last).toMatchObject({ offset: 49n });
    expect(last!.headers[ORDINAL_HEADER]!.toString()).toBe('49');
    const { latest } = (await kafka.describeTopic(topic))!.partitions[0]!;
    expect(latest).toBe(51n + 20n * 1001n);
    const aborted = await kafka.abortedRecords(topic, 0, 0n, latest);
    // Markers don't part what nobody reads: it is one range.
    expect(aborted).toEqual({ count: 20_000n, ranges: [{ from: 51n, to: latest - 1n }] });
    // From the middle of a batch to the middle of another, within one transaction.
    expect((await kafka.abortedRecords(topic, 0, 100n, 900n)).count).toBe(800n);
  });

  it('tells committed transactions between aborted ones apart', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    for (let turn = 0; turn < 12; turn++) {
      await abort(kafka, topic, 0, 10, 0);
      const publisher = await kafka.openPublisher({ transactionalId: topic });
      await publisher.commit({ batches: [numbered(topic, 0, turn, turn + 1)], offsets: [] });
      await publisher.close();
    }
    await abort(kafka, topic, 0, 10, 0);
    await publisherOf(kafka, { transactionalId: topic });
    const [last] = await kafka.lastCommittedRecords(topic);
    expect(last!.headers[ORDINAL_HEADER]!.toString()).toBe('11');
    const { latest } = (await kafka.describeTopic(topic))!.partitions[0]!;
    const { count, ranges } = await kafka.abortedRecords(topic, 0, 0n, latest);
    expect(count).toBe(130n);
    expect(ranges).toHaveLength(10); // the first few
    expect(ranges.slice(0, 2)).toEqual([
      { from: 0n, to: 10n },
      { from: 13n, to: 23n },
    ]);
  });

  it('is undefined for a topic whose records were all deleted, and for an empty one', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    expect(await kafka.lastCommittedRecords(topic)).toEqual([undefined]);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [numbered(topic, 0, 0, 10), sentinel(topic)], offsets: [] });
    expect(await kafka.lastCommittedRecords(topic)).toEqual([{ offset: 10n, timestamp: 0n, headers: {} }]);
    await deleteRecordsBelow(topic, '-1');
    expect(await kafka.lastCommittedRecords(topic)).toEqual([undefined]);
  });
});
