// The replay topic is this job's alone and keeps what is written to it: how it is created, which existing ones are used
// and which are refused before anything is published, and that no topic ever comes into being by accident.
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import type { TopicDescription } from '../../../connections/kafka/admin/admin-port.ts';
import type { ReplayProgress } from '../../../workflows/replay/progress.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { failedAtCommit } from '../../support/failed-commit.ts';
import { zooKeeperOffsets } from '../../support/group-offsets.ts';
import { resetToBefore } from '../../support/reset-workflow.ts';
import { uniqueTopic, writeCamusFile, writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const KEEPS_ALL = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.after.max.ms': '9223372036854775807',
};

const failedWith = (type: string): object => ({ cause: { cause: { type } } });

async function describeTopic(topic: string): Promise<TopicDescription | undefined> {
  const kafka = openKafka(parseKafkaConfig({ brokers: shared.harness.stack.kafka }, 'test'));
  try {
    return await kafka.describeTopic(topic);
  } finally {
    await kafka.close();
  }
}

async function createTopic(topic: string, settings: Record<string, string>, numPartitions = 1): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await shared.harness.admin((admin) => createTopics(admin, [{ topic, numPartitions, configEntries }]));
}

async function remove(topic: string): Promise<void> {
  await shared.harness.admin((admin) => admin.deleteTopics({ topics: [topic] }));
  while ((await describeTopic(topic)) !== undefined) await sleep(50);
}

async function trim(topic: string, offset = '5'): Promise<void> {
  await shared.harness.admin(async (admin) => {
    await admin.fetchTopicOffsets(topic); // kafkajs deletes only from topics whose leaders it has seen
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  });
}

async function latestOf(topic: string): Promise<bigint[]> {
  return (await describeTopic(topic))?.partitions.map(({ latest }) => latest) ?? [];
}

async function produce(topic: string): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: shared.harness.stack.kafka, logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value: "somebody's" }] });
  await producer.disconnect();
}

/** Topics that bear a name of this test; others come and go meanwhile. */
async function topicsLike(name: string): Promise<string[]> {
  const topics = await shared.harness.admin((admin) => admin.listTopics());
  return topics.filter((topic) => topic.includes(name));
}

test('a topic that is created has every setting that matters set on itself, none inherited', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness);
  await harness.replay({ ...job, replayTopic: { replicationFactor: 1, maxMessageBytes: 2_000_000 } });
  const { settings, partitions } = (await describeTopic(replayTopic))!;
  const expected = {
    ...KEEPS_ALL,
    'message.timestamp.type': 'CreateTime',
    'max.message.bytes': '2000000',
    'compression.type': 'producer',
    'unclean.leader.election.enable': 'false',
  };
  for (const [name, value] of Object.entries(expected))
    expect({ name, ...settings[name] }).toEqual({ name, value, inherited: false });
  expect(partitions.map(({ replicas }) => replicas)).toEqual([1]);
  await expectReplayed(harness, replayTopic, archive.truth());
});

test('an existing topic that is empty and keeps every record is used', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  const name = `${topic}.mine`;
  await createTopic(name, KEEPS_ALL);
  await harness.replay({ ...job, replayTopic: name });
  await expectReplayed(harness, name, archive.truth());
});

test('a topic that has ever held records is refused within seconds, though they are deleted', async () => {
  const { harness } = shared;
  const { replayTopic, job } = await writeTestArchive(harness, { records: 300 });
  await createTopic(replayTopic, KEEPS_ALL);
  await produce(replayTopic);
  await trim(replayTopic, '1');
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.replay-topic-foreign');
  expect(failure.message).toContain('partition 0: 1 to 1');
  expect(failure.message).toContain('set replayTopic to another name');
  expect(await latestOf(replayTopic)).toEqual([1n]);
});

const UNSAFE: [string, Record<string, string>, string][] = [
  ['is compacted', { 'cleanup.policy': 'compact' }, 'cleanup.policy=compact'],
  ['has a short retention', { 'retention.ms': '3600000' }, 'retention.ms=3600000'],
  ['keeps few bytes', { 'retention.bytes': '1000000' }, 'retention.bytes=1000000'],
  ['stamps its own times', { 'message.timestamp.type': 'LogAppendTime' }, 'message.timestamp.type=LogAppendTime'],
  [
    'refuses old records',
    { 'message.timestamp.before.max.ms': '86400000' },
    'message.timestamp.before.max.ms=86400000',
  ],
];

test.each(UNSAFE)('a topic that %s is refused before anything is published', async (_, setting, named) => {
  const { harness } = shared;
  const { replayTopic, job } = await writeTestArchive(harness, { records: 200 });
  await createTopic(replayTopic, { ...KEEPS_ALL, ...setting });
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.replay-topic-settings');
  expect(failure.message).toContain(named);
  expect(failure.message).toContain('replayTopic.unsafeSettings to "accept"');
  expect(await latestOf(replayTopic)).toEqual([0n]);
});

test('unsafe settings are accepted where the job says so', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  const name = `${topic}.bounded`;
  await createTopic(name, { ...KEEPS_ALL, 'retention.bytes': '1000000000' });
  await harness.replay({ ...job, replayTopic: { name, unsafeSettings: 'accept' } });
  await expectReplayed(harness, name, archive.truth());
});

test('a topic whose batches are smaller than the largest record is refused before anything is published', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const fields = [
    { name: 'time', type: 'long' },
    { name: 'text', type: 'string' },
  ];
  const schema = { type: 'record', name: 'Page', fields };
  const records = [1, 2, 3].map((time) => ({ time, text: 'x'.repeat(time * 5_000) }));
  await writeCamusFile(harness, { dest: harness.folder, topic, schema, records });
  const job = { topic, archive: { dest: harness.folder, strayTimes: 'report' as const } };
  await createTopic(`${topic}_REPLAY`, { ...KEEPS_ALL, 'max.message.bytes': '12000' });
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.record-too-large');
  expect(failure.message).toContain('takes batches of 12000 bytes');
  expect(failure.message).toContain('Raise max.message.bytes');
  expect(await latestOf(`${topic}_REPLAY`)).toEqual([0n]);
  // Records that fit one by one are split over as many batches as it takes.
  await harness.replay({ ...job, replayTopic: { name: `${topic}_2`, maxMessageBytes: 25_000 } });
  expect((await harness.read(`${topic}_2`)).map(({ value }) => value.length)).toEqual([5020, 10020, 15020]);
});

test('a topic with other partitions than the job needs is refused', async () => {
  const { harness } = shared;
  const { replayTopic, job } = await writeTestArchive(harness, { records: 200 });
  await createTopic(replayTopic, KEEPS_ALL, 3);
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.replay-topic-partitions');
  expect(failure.message).toContain('has 3 partitions, and the replay needs 1');
  expect(await latestOf(replayTopic)).toEqual([0n, 0n, 0n]);
});

test('the source itself: only by option, and only while nothing was ever written to it', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  await createTopic(topic, KEEPS_ALL);
  const refused = await harness.failure({ ...job, replayTopic: topic });
  expect(refused.type).toBe('rewind.job.input-invalid');
  expect(refused.message).toContain('replayTopic.allowSource');
  await harness.replay({ ...job, replayTopic: { name: topic, allowSource: true } });
  await expectReplayed(harness, topic, archive.truth());

  const used = await writeTestArchive(harness, { records: 200 });
  await createTopic(used.topic, KEEPS_ALL);
  await produce(used.topic);
  const foreign = await harness.failure({ ...used.job, replayTopic: { name: used.topic, allowSource: true } });
  expect(foreign.type).toBe('rewind.job.replay-topic-foreign');
  expect(await latestOf(used.topic)).toEqual([1n]);
});

test('jobs that fail create no topic by accident', async () => {
  const { harness } = shared;
  const { topic, folder, job } = await writeTestArchive(harness, { records: 200 });
  const group = `accident-${topic}`;
  expect((await harness.failure({ ...job, archive: { dest: `${folder}/nowhere` } })).type).toBe(
    'rewind.job.no-input-files',
  );
  expect((await harness.failure({ ...job, output: { schema: `${folder}/nowhere.avsc` } })).type).toBe(
    'rewind.job.schema-unusable',
  );
  expect((await harness.failure({ ...job, offsetsOnly: true, offsets: { group, kafka: true } })).type).toBe(
    'rewind.job.source-topic-missing',
  );
  expect(await topicsLike(topic)).toEqual([]);
  // With a source that does not exist the replay topic is all that is made.
  await harness.replay({ ...job, output: { ...job.output, partitions: 'source' } });
  expect(await topicsLike(topic)).toEqual([`${topic}_REPLAY`]);
});

test('a second job on the same replay topic is refused by the claim of the first, which goes on', async () => {
  const { harness } = shared;
  const { archive, topic, replayTopic, job } = await writeTestArchive(harness, { records: 6_000 });
  const first = await harness.start(job, `first-${topic}`);
  const claimed: ReplayProgress['step'][] = ['decode', 'catalogue', 'publish', 'verify', 'commit', 'clean', 'done'];
  while (!claimed.includes((await first.query<ReplayProgress | undefined>('progress'))?.step ?? 'validate'))
    await sleep(20);
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.replay-topic-claimed');
  expect(failure.message).toContain(`first-${topic}/`);
  await first.result();
  const after = await harness.failure(job);
  expect(after.type).toBe('rewind.job.replay-topic-claimed');
  expect(after.message).toContain(`has published ${archive.truth().total} records`);
  await expectReplayed(harness, replayTopic, archive.truth());
});

const CHANGES: [string, string, (topic: string) => Promise<void>][] = [
  ['trimmed', 'rewind.job.replay-topic-changed', trim],
  ['deleted', 'rewind.job.replay-topic-changed', remove],
  ['re-created', 'rewind.job.position-lost', async (topic) => remove(topic).then(() => createTopic(topic, KEEPS_ALL))],
];

test.each(CHANGES)('a replay topic that was %s before offsets are committed is an error', async (_, type, change) => {
  const { harness } = shared;
  const { archive, topic, replayTopic, job } = await writeTestArchive(harness, { records: 300 });
  const group = `changed-${topic}`;
  await harness.createSource(topic, archive.offsets());
  // A group that gets in the way stops the job after publishing; then it is taken up again from the check.
  const handle = await failedAtCommit(harness, job, group);
  await change(replayTopic);
  const again = await resetToBefore(harness.client, handle, 'verifyReplay');
  await expect(again.result()).rejects.toMatchObject(failedWith(type));
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({});
});

test('two jobs that start at the same moment: one replays, the other is refused', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness);
  const both = await Promise.all([harness.start(job), harness.start(job)]);
  const ends = await Promise.allSettled(both.map((handle) => handle.result()));
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expectReplayed(harness, replayTopic, archive.truth());
});
