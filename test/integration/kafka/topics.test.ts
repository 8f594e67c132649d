// Proves what a connection says of topics and groups: offsets as they are, settings with where they come from, members
// of both group protocols, and that asking creates nothing.
import { describe, expect, it } from 'vitest';
import { numbered, position } from './numbered-records.ts';
import { withAdmin } from '../../../scripts/stack/with-admin.ts';
import { connect, deleteRecordsBelow, kafkajs, newTopic, publisherOf, uniqueName } from './test-topic.ts';

describe('topics', () => {
  it('are created with partitions and settings, and described with what is inherited', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 3, { 'retention.ms': '-1', 'cleanup.policy': 'delete' });
    const description = (await kafka.describeTopic(topic))!;
    expect(description.topic).toBe(topic);
    expect(description.id).toMatch(/^[0-9a-f]{32}$/);
    expect(description.partitions).toEqual(
      [0, 1, 2].map((partition) => ({ partition, earliest: 0n, latest: 0n, replicas: expect.any(Number) as number })),
    );
    expect(description.settings['retention.ms']).toEqual({ value: '-1', inherited: false });
    expect(description.settings['cleanup.policy']).toEqual({ value: 'delete', inherited: false });
    expect(description.settings['max.message.bytes']).toMatchObject({ inherited: true });
    expect(description.settings['message.timestamp.type']).toEqual({ value: 'CreateTime', inherited: true });
  });

  it('are not created where one is, nor by being asked for', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const again = { partitions: 1, replicationFactor: -1, settings: {} };
    await expect(kafka.createTopic(topic, again)).rejects.toMatchObject({ fault: 'exists', facts: { topic } });
    const missing = uniqueName('missing');
    expect(await kafka.describeTopic(missing)).toBeUndefined();
    await expect(kafka.lastCommittedRecords(missing)).rejects.toMatchObject({ fault: 'not-found' });
    expect(await kafka.describeGroup(uniqueName('group'), missing)).toMatchObject({ members: 0, offsets: [] });
    expect(await kafka.describeTopic(missing)).toBeUndefined();
  });

  it('that the broker refuses are refused with its reason', async () => {
    const kafka = connect();
    const settings = { 'no.such.setting': '1' };
    await expect(
      kafka.createTopic(uniqueName('bad'), { partitions: 1, replicationFactor: -1, settings }),
    ).rejects.toMatchObject({ fault: 'refused', message: /no\.such\.setting/ });
    await expect(
      kafka.createTopic(uniqueName('bad'), { partitions: 1, replicationFactor: 99, settings: {} }),
    ).rejects.toMatchObject({ fault: 'refused', message: /INVALID_REPLICATION_FACTOR/ });
    await expect(
      kafka.createTopic('not/a/name', { partitions: 1, replicationFactor: -1, settings: {} }),
    ).rejects.toMatchObject({ fault: 'refused' });
  });

  it('show where records were deleted from their start, and that they were re-created', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [numbered(topic, 0, 0, 100)], offsets: [] });
    expect(await kafka.hasHangingTransaction({ topic, groups: [], records: true }, 10_000)).toBe(false); // its marker is there
    await deleteRecordsBelow(topic, '40');
    const trimmed = (await kafka.describeTopic(topic))!;
    expect(trimmed.partitions[0]).toMatchObject({ earliest: 40n, latest: 101n });

    await withAdmin(kafkajs(), (admin) => admin.deleteTopics({ topics: [topic] }));
    await expect.poll(() => kafka.describeTopic(topic)).toBeUndefined();
    await kafka.createTopic(topic, { partitions: 1, replicationFactor: -1, settings: {} });
    const created = (await kafka.describeTopic(topic))!;
    expect(created.partitions[0]).toMatchObject({ earliest: 0n, latest: 0n });
    expect(created.id).not.toBe(trimmed.id);
  });
});

describe('groups', () => {
  it('tell who is in them, and offsets that were committed without a transaction', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka, 2);
    const group = uniqueName('group');
    const consumer = kafkajs().consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topic });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.run({ eachMessage: async () => undefined });
    await joined;
    expect((await kafka.describeGroup(group, topic)).members).toBe(1);
    await consumer.commitOffsets([{ topic, partition: 1, offset: '5', metadata: 'mine' }]);
    await consumer.disconnect();
    expect(await kafka.describeGroup(group, topic)).toEqual({
      group,
      members: 0,
      offsets: [{ partition: 1, offset: 5n, metadata: 'mine' }],
    });
  });

  it('with the longest metadata that a broker takes are kept whole, and longer ones refused', async () => {
    const kafka = connect();
    const topic = await newTopic(kafka);
    const group = uniqueName('group');
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.commit({ batches: [], offsets: [position(group, topic, 1, 'x'.repeat(4096))] });
    expect((await kafka.describeGroup(group, topic)).offsets[0]!.metadata).toBe('x'.repeat(4096));
    await expect(
      publisher.commit({ batches: [], offsets: [position(group, topic, 2, 'x'.repeat(4097))] }),
    ).rejects.toMatchObject({ fault: 'refused', message: /offset\.metadata\.max\.bytes/ });
  });
});
