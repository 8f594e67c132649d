// A restore into another cluster: a group that had read so far of the source topic goes on in the replay topic with the
// very next record, though the offsets there are others, with markers of transactions among them.
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const TIME = Date.UTC(2026, 10, 20, 10);
const PER_PARTITION = 300;

test('groups go on with the record that they had not read', async () => {
  const { harness } = shared;
  const topic = `restored_${harness.id}`;
  const folder = `${harness.folder}/restored`;
  const records = [0, 1].flatMap((partition) =>
    Array.from({ length: PER_PARTITION }, (_, offset) => ({
      topic,
      partition,
      offset,
      timestamp: TIME,
      value: Buffer.from(`${partition}:${offset}`),
    })),
  );
  await harness.store.write(`${folder}/all.avro`, [wholeRecordFile(records)]);
  // The source topic, its groups, and a group of the same cluster that is not asked for.
  const kafka = new kafkajs.Kafka({ brokers: harness.stack.kafka, logLevel: kafkajs.logLevel.NOTHING });
  const old = { [`${harness.id}-billing`]: [120, 299], [`${harness.id}-reports`]: [300, 0], other: [7, 7] };
  await harness.admin(async (admin) => {
    await createTopics(admin, [{ topic, numPartitions: 2 }]);
    for (const [groupId, offsets] of Object.entries(old))
      await admin.setOffsets({
        groupId: groupId === 'other' ? `other-${harness.id}` : groupId,
        topic,
        partitions: offsets.map((offset, partition) => ({ partition, offset: String(offset) })),
      });
  });
  const replayTopic = `${topic}_AGAIN`;
  const result = await harness.replay({
    topic,
    replayTopic,
    archive: { input: `${folder}/*.avro` },
    // Small transactions: markers stand among the records.
    rate: { records: 150 },
    groups: { kafka: 'default', names: [`${harness.id}-*`] },
  });
  expect(result.offsets.groups?.listed).toEqual([
    { group: `${harness.id}-billing`, status: 'committed', partitions: 2 },
    { group: `${harness.id}-reports`, status: 'committed', partitions: 2 },
  ]);
  expect(result.remarks.join()).toContain('1 offsets of groups lie behind the last archived record');
  await harness.admin(async (admin) =>
    expect(
      (await admin.fetchOffsets({ groupId: `other-${harness.id}`, topics: [replayTopic] }))[0]?.partitions,
    ).toEqual([0, 1].map((partition) => expect.objectContaining({ partition, offset: '-1' }) as unknown)),
  );

  for (const [groupId, [first, second]] of Object.entries(old).filter(([name]) => name !== 'other')) {
    const expected = new Set([
      ...Array.from({ length: PER_PARTITION - first! }, (_, n) => `0:${first! + n}`),
      ...Array.from({ length: PER_PARTITION - second! }, (_, n) => `1:${second! + n}`),
    ]);
    const read: string[] = [];
    const consumer = kafka.consumer({ groupId, readUncommitted: false });
    await consumer.connect();
    await consumer.subscribe({ topics: [replayTopic], fromBeginning: true });
    await new Promise<void>((done, fail) => {
      const all = (value: string): void => {
        read.push(value);
        if (read.length >= expected.size) done();
      };
      consumer.run({ eachMessage: async ({ message }) => all(String(message.value)) }).catch(fail);
    });
    await consumer.disconnect();
    expect(new Set(read)).toEqual(expected);
    expect(read).toHaveLength(expected.size);
  }
});
