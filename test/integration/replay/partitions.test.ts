// Where records go: into one partition, into the partitions of the source, or to the partition of their key as a Java
// producer would send them; and what stands beside them: key and headers.
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { uniqueTopic, writeCamusFile, writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();

test('one partition is a total order, and headers say where each record comes from', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness);
  const output = { ...job.output, headers: { file: true } };
  const result = await harness.replay({ ...job, sort: 'whole', output });
  const truth = archive.truth();
  const messages = await harness.read(replayTopic);
  expect(messages.map(({ key, headers }) => ({ key, ...headers }))).toEqual(
    [...truth].map(({ partition, path }, ordinal) => ({
      key: null,
      'rewind-ordinal': String(ordinal),
      'rewind-partition': String(partition),
      'rewind-file': path,
    })),
  );
  expect(result.partitions).toMatchObject([
    { partition: 0, records: String(truth.total), firstOffset: messages[0]?.offset, aborted: '0' },
  ]);
  expect(result.partitions[0]?.lastOffset).toBe(messages.at(-1)?.offset);
  expect([result.firstTime, result.lastTime]).toEqual([String(truth.time(0)), String(truth.time(truth.total - 1))]);
  for (const step of ['decode', 'publish'] as const) expect(result.steps[step]?.recordsPerSecond).toBeGreaterThan(0);
  expect(Object.keys(result.steps)).toEqual(
    expect.arrayContaining(['offsets', 'list', 'claim', 'decode', 'publish', 'verify', 'commit']),
  );
});

test('headers that the job does not want, or does not ask for, are left out', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness, { records: 300 });
  const headers = { ordinal: false, partition: false };
  await harness.replay({ ...job, output: { ...job.output, headers } });
  expect((await harness.read(replayTopic)).every((message) => Object.keys(message.headers).length === 0)).toBe(true);
  await expectReplayed(harness, replayTopic, archive.truth(), { ordinalHeader: undefined });
});

test('the partitions of the source, one without a record included, each in order', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness, { partitions: 4, emptyPartitions: [1] });
  const result = await harness.replay({ ...job, output: { ...job.output, partitions: 'source', partitionCount: 5 } });
  const truth = archive.truth();
  await expectReplayed(harness, replayTopic, truth, { partition: (of, position) => of.at(position).partition });
  const counts = [0, 1, 2, 3, 4].map(
    (partition) => [...truth].filter((record) => record.partition === partition).length,
  );
  expect(result.partitions.map(({ records }) => records)).toEqual(counts.map(String));
  expect(result.partitions[1]).toEqual({ partition: 1, records: '0', aborted: '0', abortedRanges: [] });
});

test('the source has more partitions than the archive: the replay topic has as many', async () => {
  const { harness } = shared;
  const { topic, replayTopic, job } = await writeTestArchive(harness, { partitions: 2, records: 300 });
  await harness.admin((admin) => createTopics(admin, [{ topic, numPartitions: 3 }]));
  const result = await harness.replay({ ...job, output: { ...job.output, partitions: 'source' } });
  expect(result.partitions.length).toBe(3);
  const metadata = await harness.admin((admin) => admin.fetchTopicMetadata({ topics: [replayTopic] }));
  expect(metadata.topics[0]?.partitions.length).toBe(3);
});

test('too few partitions for those of the source are an error', async () => {
  const { harness } = shared;
  const { replayTopic, job } = await writeTestArchive(harness, { partitions: 3, records: 300 });
  const output = { ...job.output, partitions: 'source' as const, partitionCount: 2 };
  expect(await harness.failure({ ...job, output })).toEqual({
    type: 'rewind.job.replay-topic-partitions',
    message: expect.stringContaining('records of partition 2: expected at least 3') as string,
  });
  expect(await harness.admin((admin) => admin.listTopics())).not.toContain(replayTopic);
});

test('keys go to the partitions to which kafkajs and Java send them', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness);
  const partitions = 5;
  const output = { ...job.output, key: 'header.viewerUrn', partitions: 'key' as const, partitionCount: partitions };
  await harness.replay({ ...job, output });
  const choose = kafkajs.Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [],
    isr: [],
  }));
  await expectReplayed(harness, replayTopic, archive.truth(), {
    key: (truth, position) => truth.record(position).viewerUrn,
    partition: (truth, position) =>
      choose({
        topic: replayTopic,
        partitionMetadata,
        message: { key: truth.record(position).viewerUrn, value: null },
      }),
  });
});

/** In the bucket of the file. */
const AT = Date.UTC(2014, 10, 2, 8);

test('keys of every kind of field, and none where the field is null', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const schema = {
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'time', type: 'long' },
      {
        name: 'customer',
        type: ['null', { type: 'record', name: 'Customer', fields: [{ name: 'id', type: 'long' }] }],
      },
    ],
  };
  const records = [{ id: 42 }, null, { id: -7 }].map((customer, at) => ({ time: AT + at, customer }));
  await writeCamusFile(harness, { dest: harness.folder, topic, schema, records });
  await harness.replay({ topic, archive: { dest: harness.folder }, output: { key: 'customer.id' } });
  const keys = (await harness.read(`${topic}_REPLAY`)).map(({ key }) => key?.toString());
  expect(keys).toEqual(['42', undefined, '-7']);
});

// The vectors of org.apache.kafka.common.utils.UtilsTest.testMurmur2, and so what a Java producer does with these keys.
const JAVA_MURMUR2: [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

test("Java's own vectors of the partitioner come out in a replay topic", async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const fields = [
    { name: 'time', type: 'long' },
    { name: 'id', type: 'string' },
  ];
  const records = JAVA_MURMUR2.map(([id], at) => ({ time: AT + at, id }));
  await writeCamusFile(harness, {
    dest: harness.folder,
    topic,
    schema: { type: 'record', name: 'Keyed', fields },
    records,
  });
  await harness.replay({
    topic,
    archive: { dest: harness.folder },
    output: { key: 'id', partitions: 'key', partitionCount: 7 },
  });
  const found = (await harness.read(`${topic}_REPLAY`)).map(({ key, partition }) => [key?.toString(), partition]);
  const expected = JAVA_MURMUR2.map(([key, hash]) => [key, (hash & 0x7fffffff) % 7]);
  expect(found.toSorted()).toEqual(expected.toSorted());
});
