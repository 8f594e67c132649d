// The hand-over: pinned offsets are committed for the group in ZooKeeper and Kafka, compared with the live topic first,
// and what somebody else has committed stays unless the job says otherwise.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import kafkajs from 'kafkajs';
import { expect, inject, onTestFinished, test } from 'vitest';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { expectedOffsets, kafkaOffsets, putZooKeeperOffset, zooKeeperOffsets } from '../../support/group-offsets.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

const shared = new OneWorker();

/** An archive of which the source topic has nothing left, and a group of its own; `commit` does nothing but commit. */
async function handOver() {
  const { harness } = shared;
  const made = await writeTestArchive(harness, { records: 400, hours: 1 });
  const group = `group-${made.topic}`;
  const commit = { ...made.job, offsetsOnly: true };
  return { harness, ...made, group, commit, expected: expectedOffsets(made.archive) };
}

async function commitWithKafkajs(group: string, topic: string, offset: string): Promise<void> {
  await shared.harness.admin((admin) =>
    admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset }] }),
  );
}

test('a whole job commits in ZooKeeper and Kafka, and its result says where and against what', async () => {
  const { harness, archive, topic, replayTopic, group, job, expected } = await handOver();
  await harness.createSource(topic, archive.offsets());
  const handle = await harness.start({ ...job, offsets: { group, kafka: true } });
  const result = (await handle.result()) as Awaited<ReturnType<typeof harness.replay>>;
  expect(result.execution).toBe(archive.newestExecution.path);
  expect(result.offsets).toMatchObject({ zookeeper: 'committed', kafka: 'committed', group });
  expect(result.offsets.offsets).toEqual(
    Object.entries(expected).map(([partition, offset]) => ({ partition, offset, earliest: offset, latest: offset })),
  );
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expected);
  const inKafka = await kafkaOffsets(harness, group, topic);
  expect(inKafka.offsets).toEqual(expected);
  for (const metadata of inKafka.metadata) expect(JSON.parse(metadata ?? '')).toEqual({ rewind: 1, job: result.job });
  expect(result.job).toContain(handle.workflowId);
  expect(result.offsets.remarks.join()).toContain('Kafka forgets the offsets');
  await expectReplayed(harness, replayTopic, archive.truth());
});

test('offsetsOnly publishes nothing and needs no files', async () => {
  const { harness, archive, topic, replayTopic, group, commit, folder, expected } = await handOver();
  await harness.createSource(topic, archive.offsets());
  await harness.store.delete(`${folder}/dest`, { recursive: true });
  const result = await harness.replay({ ...commit, archive: { exec: `${folder}/exec` }, offsets: { group } });
  expect(result.replayTopic).toBeUndefined();
  expect(result).toMatchObject({ files: 0, partitions: [], offsets: { zookeeper: 'committed' } });
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expected);
  expect(await harness.admin((admin) => admin.listTopics())).not.toContain(replayTopic);
});

test("what Camus's own classes left in a history is read as they read it", async () => {
  const { harness } = shared;
  const history = `${harness.folder}/fixtures/history`;
  await harness.upload(`${FIXTURES}/exec/history`, history);
  const expected = JSON.parse(await readFile(`${FIXTURES}/expected/offsets.json`, 'utf8')) as {
    newest: string;
    topics: Record<string, { partition: number; leaderId: string; offset: string }[]>;
  };
  for (const [topic, partitions] of Object.entries(expected.topics)) {
    const group = `fixture-${harness.id}`;
    const offsets = { group, outsideLiveRange: 'report' as const };
    const result = await harness.replay({ topic, archive: { history }, offsetsOnly: true, offsets });
    expect(result.execution).toBe(`${history}/${expected.newest}`);
    expect(await zooKeeperOffsets(harness, group, topic)).toEqual(
      Object.fromEntries(partitions.map(({ partition, offset }) => [String(partition), offset])),
    );
  }
});

test('the layout of Kafka 0.7 names partitions by node', async () => {
  const { harness } = shared;
  const history = `${harness.folder}/fixtures07/history`;
  await harness.upload(`${FIXTURES}/exec/history`, history);
  const expected = JSON.parse(await readFile(`${FIXTURES}/expected/offsets.by-node.json`, 'utf8')) as {
    topics: Record<string, { partition: number; leaderId: string; offset: string }[]>;
  };
  const group = `legacy-${harness.id}`;
  const result = await harness.replay({
    topic: 'legacy07',
    archive: { history },
    offsetsOnly: true,
    offsets: { group, layout: '0.7' },
  });
  expect(await zooKeeperOffsets(harness, group, 'legacy07')).toEqual(
    Object.fromEntries(
      expected.topics['legacy07']!.map(({ leaderId, partition, offset }) => [`${leaderId}-${partition}`, offset]),
    ),
  );
  expect(result.offsets.remarks).toContain('offsets of the layout 0.7 were not compared with the live topic');
});

test('a group in ZooKeeper that has offsets is left, refused or overwritten, as the job says', async () => {
  const { harness, archive, topic, group, commit, expected } = await handOver();
  await harness.createSource(topic, archive.offsets());
  await putZooKeeperOffset(harness, group, topic, '0', '5');
  const left = await harness.replay({ ...commit, offsets: { group } });
  expect(left.offsets.zookeeper).toBe('left');
  expect(left.remarks).toContain(`group ${group} has offsets in ZooKeeper already, which were left alone: 0: 5`);
  const refused = await harness.failure({ ...commit, offsets: { group, existing: 'fail' } });
  expect(refused.type).toBe('rewind.job.offsets-group-exists');
  expect(refused.message).toContain(`group ${group} has offsets of ${topic}`);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({ '0': '5' });
  const overwritten = await harness.replay({ ...commit, offsets: { group, existing: 'overwrite' } });
  expect(overwritten.offsets.zookeeper).toBe('committed');
  expect(overwritten.remarks).toContain('offsets that were overwritten in ZooKeeper: 0: 5');
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expected);
});

test('a group in Kafka that has offsets is left, refused or overwritten, as the job says', async () => {
  const { harness, archive, topic, group, commit, expected } = await handOver();
  await harness.createSource(topic, archive.offsets());
  await commitWithKafkajs(group, topic, '5');
  const inKafka = { group, zookeeper: false, kafka: true };
  const left = await harness.replay({ ...commit, offsets: inKafka });
  expect(left.offsets.kafka).toBe('left');
  expect(left.remarks).toContain(`group ${group} has offsets in Kafka already, which were left alone: partition 0: 5`);
  const refused = await harness.failure({ ...commit, offsets: { ...inKafka, existing: 'fail' } });
  expect(refused.type).toBe('rewind.job.offsets-group-exists');
  expect((await kafkaOffsets(harness, group, topic)).offsets).toEqual({ '0': '5' });
  const overwritten = await harness.replay({ ...commit, offsets: { ...inKafka, existing: 'overwrite' } });
  expect(overwritten.offsets).toMatchObject({ kafka: 'committed', zookeeper: 'none' });
  expect((await kafkaOffsets(harness, group, topic)).offsets).toEqual(expected);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({});
});

test('a group with members in Kafka is refused', async () => {
  const { harness, archive, topic, group, commit } = await handOver();
  await harness.createSource(topic, archive.offsets());
  const kafka = new kafkajs.Kafka({ brokers: inject('stack').kafka, logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: group });
  onTestFinished(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({ autoCommit: false, eachMessage: async () => {} });
  await joined;
  const failure = await harness.failure({ ...commit, offsets: { group, zookeeper: false, kafka: true } });
  expect(failure.type).toBe('rewind.job.offsets-group-active');
  expect(failure.message).toContain('has 1 active members');
  expect((await kafkaOffsets(harness, group, topic)).offsets).toEqual({});
});

test('a gap before the live topic is an error with its ranges, and reported where the job says so', async () => {
  const { harness, archive, topic, group, commit, expected } = await handOver();
  const gap = archive.offsets().map(({ partition, offset }) => ({ partition, offset: offset + 10n }));
  await harness.createSource(topic, gap);
  const failure = await harness.failure({ ...commit, offsets: { group, kafka: true } });
  expect(failure.type).toBe('rewind.job.offsets-outside-live-range');
  for (const { partition, offset } of archive.offsets())
    expect(failure.message).toContain(
      `partition ${partition}: offsets ${offset} to ${offset + 9n} are neither in the archive nor in the live topic, which begins at ${offset + 10n}`,
    );
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({});
  expect((await kafkaOffsets(harness, group, topic)).offsets).toEqual({});
  const reported = await harness.replay({ ...commit, offsets: { group, outsideLiveRange: 'report' } });
  expect(reported.remarks.filter((remark) => remark.includes('neither in the archive')).length).toBe(gap.length);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expected);
});

test('an offset beyond the end of the live topic, and a partition that it lacks, are errors', async () => {
  const { harness, archive, topic, group, commit } = await handOver();
  const [first, ...others] = archive.offsets();
  await harness.createSource(topic, [
    { partition: 0, offset: first!.offset - 3n },
    ...others.filter(({ partition }) => partition < 3),
  ]);
  const failure = await harness.failure({ ...commit, offsets: { group } });
  expect(failure.type).toBe('rewind.job.offsets-outside-live-range');
  expect(failure.message).toContain(
    `partition 0: offset ${first!.offset} is beyond the live topic's end ${first!.offset - 3n}; was the topic re-created?`,
  );
  expect(failure.message).toContain(`partition 3 (offset ${others[2]!.offset}) is not in the live topic`);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({});
});

test('a source topic that is missing is an error, and reported where the job says so', async () => {
  const { harness, topic, group, commit, expected } = await handOver();
  const failure = await harness.failure({ ...commit, offsets: { group } });
  expect(failure.type).toBe('rewind.job.source-topic-missing');
  expect(failure.message).toContain(`the source topic ${topic} does not exist`);
  const reported = await harness.replay({ ...commit, offsets: { group, outsideLiveRange: 'report' } });
  expect(reported.remarks).toContain(`the source topic ${topic} does not exist`);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expected);
});

test('a topic that the history does not know, and a history that is not there, are errors', async () => {
  const { harness, group, commit, folder } = await handOver();
  const unknown = await harness.failure({ ...commit, topic: `t${randomUUID()}`, offsets: { group } });
  expect(unknown.type).toBe('rewind.job.offsets-missing');
  const missing = await harness.failure({ ...commit, archive: { exec: `${folder}/nowhere` }, offsets: { group } });
  expect(missing.type).toBe('rewind.job.history-missing');
  expect(missing.message).toContain(`${folder}/nowhere/base/history`);
});
