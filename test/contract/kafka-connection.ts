// What every KafkaConnection does, whatever is behind it: run against real brokers and against the cluster in memory, so
// that what is tested on the one in memory holds for the other.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ORDINAL_HEADER } from '../../connections/kafka/batch/record-batch.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { Publisher, Transaction } from '../../connections/kafka/publish/publish-port.ts';
import type { LogBatch, OffsetRange, ReadOptions } from '../../connections/kafka/read/topic-reader.ts';
import { FIRST_TIMESTAMP, numbered, position } from '../integration/kafka/numbered-records.ts';

export interface KafkaUnderTest {
  kafka: KafkaConnection;
  /** Writes a transaction, and dies before it says how it ends. */
  leaveOpen: (publisher: Publisher, transaction: Transaction) => Promise<void>;
  /** Deletes the records below an offset. */
  trim: (topic: string, partition: number, before: bigint) => Promise<void>;
  dispose: () => Promise<void>;
}

export function registerKafkaTests(name: string, open: () => Promise<KafkaUnderTest>): void {
  describe(`${name} as a KafkaConnection`, () => {
    let opened: KafkaUnderTest;
    let kafka: KafkaConnection;
    let topic: string;

    beforeAll(async () => {
      opened = await open();
      kafka = opened.kafka;
    });
    afterAll(() => opened.dispose());
    beforeEach(async () => {
      topic = `contract-${randomBytes(5).toString('hex')}`;
      await kafka.createTopic(topic, { partitions: 2, replicationFactor: 1, settings: { 'retention.ms': '-1' } });
    });

    const publisher = (): Promise<Publisher> => kafka.openPublisher({ transactionalId: topic });
    const batches = async (range: Partial<OffsetRange>, options?: ReadOptions): Promise<unknown[]> => {
      const reader = kafka.openReader();
      const found: unknown[] = [];
      try {
        for await (const batch of reader.read({ topic, partition: 0, from: 0n, to: 0n, ...range }, options))
          found.push([Number(batch.baseOffset), batch.marker ?? batch.kind, await ordinals(batch)]);
      } finally {
        await reader.close();
      }
      return found;
    };
    const scope = () => ({ topic, groups: [topic], records: true });
    /** A commit is answered before its markers are in the logs. */
    const markersAreThere = async (): Promise<void> =>
      expect(await kafka.hasHangingTransaction(scope(), 10_000)).toBe(false);

    it('tells the settings of a broker', async () => {
      expect(await kafka.brokerSettings()).toMatchObject({ 'offsets.retention.minutes': '10080' });
    });

    it('describes a topic with its id, offsets and settings, and none that is not there', async () => {
      const described = (await kafka.describeTopic(topic))!;
      expect(described.id).toMatch(/^[0-9a-f]{32}$/);
      expect(described.partitions).toEqual([
        { partition: 0, earliest: 0n, latest: 0n, replicas: 1 },
        { partition: 1, earliest: 0n, latest: 0n, replicas: 1 },
      ]);
      expect(described.settings['retention.ms']).toEqual({ value: '-1', inherited: false });
      expect(described.settings['cleanup.policy']).toMatchObject({ value: 'delete', inherited: true });
      expect(await kafka.describeTopic(`${topic}-none`)).toBeUndefined();
      const again = kafka.createTopic(topic, { partitions: 1, replicationFactor: 1, settings: {} });
      await expect(again).rejects.toMatchObject({ fault: 'exists' });
    });

    it('commits records and offsets together, each partition ended by a marker', async () => {
      const first = await publisher();
      const { baseOffsets } = await first.commit({
        batches: [numbered(topic, 0, 0, 5), numbered(topic, 1, 5, 7), numbered(topic, 0, 7, 9)],
        offsets: [position(topic, topic, 9)],
      });
      await first.close();
      expect(baseOffsets).toEqual([0n, 0n, 5n]);
      expect((await kafka.describeGroup(topic, topic)).offsets).toEqual([
        { partition: 0, offset: 9n, metadata: 'job' },
      ]);
      expect(await batches({ to: 8n })).toEqual([
        [0, 'data', [0, 1, 2, 3, 4]],
        [5, 'data', [7, 8]],
        [7, 'commit', []],
      ]);
      expect(await batches({ from: 3n, to: 6n })).toEqual([
        [0, 'data', [3, 4]],
        [5, 'data', [7]],
      ]);
      await markersAreThere();
      expect((await kafka.describeTopic(topic))!.partitions.map(({ latest }) => latest)).toEqual([8n, 3n]);
    });

    it('lets the next publisher abort what the last one left open, and fences it', async () => {
      const first = await publisher();
      await first.commit({ batches: [numbered(topic, 0, 0, 3)], offsets: [position(topic, topic, 3)] });
      await opened.leaveOpen(first, { batches: [numbered(topic, 0, 3, 6)], offsets: [position(topic, topic, 6)] });
      expect(await kafka.hasHangingTransaction(scope(), 0)).toBe(true);
      expect(await kafka.lastOutcome(topic)).toBe('abort');
      const second = await publisher();
      expect(await kafka.hasHangingTransaction(scope(), 5_000)).toBe(false);
      expect((await kafka.describeGroup(topic, topic)).offsets[0]!.offset).toBe(3n);
      await second.commit({ batches: [numbered(topic, 0, 3, 4)], offsets: [position(topic, topic, 4)] });
      expect(await batches({ to: 10n })).toEqual([
        [0, 'data', [0, 1, 2]],
        [3, 'commit', []],
        [4, 'aborted', [3, 4, 5]],
        [7, 'abort', []],
        [8, 'data', [3]],
        [9, 'commit', []],
      ]);
      const uncommitted = (await batches({ to: 8n }, { isolation: 'uncommitted' })) as [number, string][];
      expect(uncommitted.map(([, kind]) => kind)).toEqual(['data', 'commit', 'data', 'abort']);
      expect(await kafka.abortedRecords(topic, 0, 0n, 10n)).toEqual({ count: 3n, ranges: [{ from: 4n, to: 7n }] });
      const [last] = await kafka.lastCommittedRecords(topic);
      expect(last).toMatchObject({ offset: 8n, timestamp: FIRST_TIMESTAMP + 3n });
      expect(last!.headers[ORDINAL_HEADER]!.toString()).toBe('3');
      expect(await kafka.firstCommittedOffset(topic, 0)).toBe(0n);
      expect(await kafka.firstCommittedOffset(topic, 1)).toBeUndefined();
      const third = await publisher();
      await expect(second.commit({ batches: [numbered(topic, 0, 4, 5)], offsets: [] })).rejects.toMatchObject({
        fault: 'fenced',
      });
      await Promise.all([first, second, third].map((one) => one.close()));
    });

    it('holds what is behind an open transaction back, and tells how far is stable', async () => {
      const first = await publisher();
      await first.commit({ batches: [numbered(topic, 0, 0, 3)], offsets: [] });
      await opened.leaveOpen(first, { batches: [numbered(topic, 0, 3, 6)], offsets: [] });
      const asked = [{ topic, partitions: [0] }];
      expect(await kafka.listOffsets(asked, 'stable')).toMatchObject([{ offset: 4n }]);
      expect(await kafka.listOffsets(asked, 'latest')).toMatchObject([{ offset: 7n }]);
      expect(await kafka.openTransactions(topic, 0)).toMatchObject([{ startOffset: 4n }]);
      expect(await batches({ to: 4n })).toHaveLength(2);
      const before = await kafka.lastCommittedRecords(topic, { open: 'ignore' });
      expect(before.map((record) => record?.offset)).toEqual([2n, undefined]);
      await (await publisher()).close();
      expect(await kafka.listOffsets(asked, 'stable')).toMatchObject([{ offset: 8n }]);
    });

    it('knows where the records of its leader end', async () => {
      const first = await publisher();
      await first.commit({ batches: [numbered(topic, 0, 0, 3), numbered(topic, 0, 3, 6)], offsets: [] });
      await first.close();
      await markersAreThere();
      const [{ partitions } = { partitions: [] }] = await kafka.listTopics([topic]);
      const { leaderEpoch } = partitions[0]!;
      const asked = [0, 99].map((partition) => ({ topic, partition, leaderEpoch }));
      expect(await kafka.epochEnds(asked)).toEqual([
        { topic, partition: 0, offset: 7n },
        { topic, partition: 99, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
      ]);
    });

    it('knows its offsets by time, and partitions that are not there', async () => {
      const first = await publisher();
      await first.commit({ batches: [numbered(topic, 0, 0, 3), numbered(topic, 0, 3, 6)], offsets: [] });
      await first.close();
      const time = FIRST_TIMESTAMP + 4n;
      expect(await kafka.listOffsets([{ topic, partitions: [0, 5] }], { time })).toMatchObject([
        { partition: 0, offset: 4n, timestamp: time },
        { partition: 5, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
      ]);
      const late = await kafka.listOffsets([{ topic, partitions: [0] }], { time: FIRST_TIMESTAMP * 2n });
      expect(late[0]!.offset).toBeUndefined();
    });

    it('says where the log begins where records below were deleted', async () => {
      const first = await publisher();
      await first.commit({ batches: [numbered(topic, 0, 0, 3), numbered(topic, 0, 3, 6)], offsets: [] });
      await first.close();
      await markersAreThere();
      await opened.trim(topic, 0, 3n);
      expect((await kafka.describeTopic(topic))!.partitions[0]).toMatchObject({ earliest: 3n, latest: 7n });
      await expect(batches({ from: 2n, to: 7n })).rejects.toMatchObject({ fault: 'changed', logStart: 3n, logEnd: 7n });
      await expect(batches({ from: 8n, to: 9n })).rejects.toMatchObject({ fault: 'changed', logStart: 3n, logEnd: 7n });
      expect(await batches({ from: 3n, to: 7n })).toHaveLength(2);
      expect(await kafka.firstCommittedOffset(topic, 0)).toBe(3n);
    });

    it('lists the groups that have offsets', async () => {
      const group = `group-of-${topic}`;
      expect(await kafka.listGroups()).not.toContain(group);
      const first = await publisher();
      const offsets = [{ group, topic, offsets: [{ partition: 0, offset: 0n, metadata: '' }] }];
      await first.commit({ batches: [numbered(topic, 0, 0, 1)], offsets });
      await first.close();
      expect(await kafka.listGroups()).toContain(group);
    });

    it('lists topics with their partitions, and sizes that grow', async () => {
      const [listed] = await kafka.listTopics([topic, `${topic}-none`]);
      expect(listed).toMatchObject({ topic, internal: false, id: (await kafka.describeTopic(topic))!.id });
      expect(listed!.partitions.map(({ partition }) => partition)).toEqual([0, 1]);
      for (const { leaderAddress } of listed!.partitions) expect(leaderAddress).toMatch(/^.+:\d+$/);
      const first = await publisher();
      await first.commit({ batches: [numbered(topic, 1, 0, 100)], offsets: [] });
      await first.close();
      const sizes = await kafka.describeSizes([{ topic, partitions: [0, 1] }]);
      expect(sizes.find(({ partition }) => partition === 1)!.bytes).toBeGreaterThan(1000n);
      expect(await kafka.describeSettings([topic])).toMatchObject([{ topic, settings: { 'retention.ms': {} } }]);
    });
  });
}

async function ordinals(batch: LogBatch): Promise<number[]> {
  const found: number[] = [];
  for await (const run of batch.records())
    while (run.next())
      for (const { name, value } of run.headers()) if (name === ORDINAL_HEADER) found.push(Number(value!.toString()));
  return found;
}
