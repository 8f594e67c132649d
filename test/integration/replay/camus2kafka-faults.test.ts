// Each fault that Camus2Kafka had, and that it can't happen here: lost partitions, half a group, stale copies, offsets
// that were read too late, records published twice, swapped fields, line feeds. Whole jobs on real servers.
import { expect, test } from 'vitest';
import { appendExecution, fileStoreSink } from '../../support/camus-archive/index.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { failedAtCommit } from '../../support/failed-commit.ts';
import {
  deleteZooKeeperOffset,
  expectedOffsets,
  kafkaOffsets,
  putZooKeeperOffset,
  zooKeeperOffsets,
} from '../../support/group-offsets.ts';
import { resetToBefore, takeUpByReset } from '../../support/reset-workflow.ts';
import { stopAtStep } from '../../support/stop-at-step.ts';
import { uniqueTopic, writeCamusFile, writeTestArchive } from '../../support/test-archive.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const GROUP_EXISTS = { cause: { cause: { type: 'rewind.job.offsets-group-exists' } } };

test('a partition without new data in the last run keeps the offset that stands in offsets-previous', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness, { quietPartitions: [1, 3] });
  const group = `quiet-${topic}`;
  await harness.createSource(topic, archive.offsets());
  const result = await harness.replay({ ...job, offsets: { group, kafka: true } });
  expect(result.remarks).toContain(
    'partitions whose offset stands in offsets-previous (no newer data in the last run): 1, 3',
  );
  expect(result.offsets).toMatchObject({ zookeeper: 'committed', kafka: 'committed' });
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expectedOffsets(archive));
  expect((await kafkaOffsets(harness, group, topic)).offsets).toEqual(expectedOffsets(archive));
});

test('a node that is in the way leaves no other node behind, and the job succeeds once it is gone', async () => {
  const { harness } = shared;
  const { archive, topic, replayTopic, job } = await writeTestArchive(harness);
  const group = `conflict-${topic}`;
  await harness.createSource(topic, archive.offsets());
  await putZooKeeperOffset(harness, group, topic, '2', '17');
  const handle = await harness.start({ ...job, offsets: { group, existing: 'fail' } });
  await expect(handle.result()).rejects.toMatchObject(GROUP_EXISTS);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual({ '2': '17' });

  await deleteZooKeeperOffset(harness, group, topic, '2');
  const again = await takeUpByReset(harness.client, handle);
  expect(((await again.result()) as ReplayResult).offsets.zookeeper).toBe('committed');
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expectedOffsets(archive));
  await expectReplayed(harness, replayTopic, archive.truth());
});

test('two jobs read two histories, each the one of its own time', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  const [first, second] = [`first-${topic}`, `second-${topic}`];
  await harness.replay({ ...job, replayTopic: first, offsets: { group: first, outsideLiveRange: 'report' } });
  const grown = await appendExecution(archive, { sink: fileStoreSink(harness.store), records: 300 });
  await harness.replay({ ...job, replayTopic: second, offsets: { group: second, outsideLiveRange: 'report' } });
  expect(grown.offsets()).not.toEqual(archive.offsets());
  expect(await zooKeeperOffsets(harness, first, topic)).toEqual(expectedOffsets(archive));
  expect(await zooKeeperOffsets(harness, second, topic)).toEqual(expectedOffsets(grown));
  await expectReplayed(harness, first, archive.truth());
  await expectReplayed(harness, second, grown.truth());
});

test('a Camus run that lands between the pinning of offsets and the listing of files stays out', async () => {
  const { harness } = shared;
  const { archive, topic, replayTopic, folder, job } = await writeTestArchive(harness, { records: 3_000 });
  const group = `landing-${topic}`;
  await harness.createSource(topic, archive.offsets());
  // With the files away the job ends after it has pinned the offsets; a rename keeps their modification times.
  await harness.store.rename(`${folder}/dest`, `${folder}/away`);
  const handle = await harness.start({
    ...job,
    output: { ...job.output, headers: { file: true } },
    offsets: { group, kafka: true },
  });
  await expect(handle.result()).rejects.toThrow();
  await harness.store.rename(`${folder}/away`, `${folder}/dest`);
  const grown = await appendExecution(archive, { sink: fileStoreSink(harness.store), records: 500 });
  const continued = await resetToBefore(harness.client, handle, 'listFiles');
  const result = (await continued.result()) as ReplayResult;

  const late = grown.layout().files.length - archive.layout().files.length;
  expect(late).toBeGreaterThan(0);
  expect(result.execution).toBe(archive.newestExecution.path);
  expect(result.leftOut).toMatchObject([{ reason: 'of a Camus run after the pinned one', files: late }]);
  await expectReplayed(harness, replayTopic, archive.truth());
  const files = new Set((await harness.read(replayTopic)).map(({ headers }) => headers['rewind-file']));
  const lastRun = archive.layout().files.filter(({ run }) => run === archive.executions.length - 1);
  expect(lastRun.map(({ path }) => path).filter((path) => !files.has(path))).toEqual([]);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expectedOffsets(archive));
  expect((await kafkaOffsets(harness, group, topic)).offsets).toEqual(expectedOffsets(archive));
});

/** How a job is sorted, and its steps that decode first and that publish. */
const SORTED = [
  ['whole', 'decodeAndSort', 'mergePublish'],
  ['auto', 'publishWindows', 'publishWindows'],
] as const;

test.each(SORTED)('a Camus run that lands while records are decoded, sorted by %s, stays out', async (sort, decode) => {
  const { harness, worker } = shared;
  const { archive, topic, replayTopic, job } = await writeTestArchive(harness, { records: 12_000 });
  const group = `decoding-${topic}`;
  await harness.createSource(topic, archive.offsets());
  const handle = await harness.start({ ...job, sort, offsets: { group } });
  await stopAtStep(worker, handle, decode);
  const grown = await appendExecution(archive, { sink: fileStoreSink(harness.store), records: 500 });
  expect((await handle.describe()).status.name).toBe('RUNNING');
  worker.signal('SIGCONT');
  const result = (await handle.result()) as ReplayResult;
  expect(result.execution).toBe(archive.newestExecution.path);
  expect(grown.newestExecution.path).not.toBe(archive.newestExecution.path);
  expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expectedOffsets(archive));
  await expectReplayed(harness, replayTopic, archive.truth());
});

test('a job that is run again under its workflow id is refused, and publishes nothing', async () => {
  const { harness } = shared;
  const { archive, topic, replayTopic, job } = await writeTestArchive(harness);
  const id = `again-${topic}`;
  await (await harness.start(job, id)).result();
  const before = await endsOf(replayTopic);
  const second = await harness.start(job, id);
  await expect(second.result()).rejects.toMatchObject({
    cause: { cause: { type: 'rewind.job.replay-topic-claimed' } },
  });
  expect(await endsOf(replayTopic)).toEqual(before);
  await expectReplayed(harness, replayTopic, archive.truth());
});

test.each(SORTED)(
  'a job sorted by %s that failed at its commit is reset to publishing: nothing twice',
  async (...of) => {
    const [sort, , publish] = of;
    const { harness } = shared;
    const { archive, topic, replayTopic, job } = await writeTestArchive(harness);
    const group = `reset-${topic}`;
    await harness.createSource(topic, archive.offsets());
    const handle = await failedAtCommit(harness, { ...job, sort }, group);
    const before = await endsOf(replayTopic);
    const again = await resetToBefore(harness.client, handle, publish);
    const result = (await again.result()) as ReplayResult;
    expect(result.records.published).toBe(String(archive.truth().total));
    expect(await endsOf(replayTopic)).toEqual(before);
    expect(await zooKeeperOffsets(harness, group, topic)).toEqual(expectedOffsets(archive));
    await expectReplayed(harness, replayTopic, archive.truth());
  },
);

test.each(SORTED)('a job sorted by %s that succeeded and is reset to before publishing is refused', async (...of) => {
  const [sort, , publish] = of;
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness);
  const handle = await harness.start({ ...job, sort });
  await handle.result();
  const again = await resetToBefore(harness.client, handle, publish);
  await expect(again.result()).rejects.toMatchObject({ cause: { cause: { type: 'rewind.job.staging-lost' } } });
  await expectReplayed(harness, replayTopic, archive.truth());
});

/** In the bucket of the file. */
const AT = Date.UTC(2014, 10, 2, 8);

test('fields that stand in another order in the output schema keep their values', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const folder = `${harness.folder}/${topic}`;
  const fields = [
    { name: 'time', type: 'long' },
    { name: 'sender', type: 'string' },
    { name: 'receiver', type: 'string' },
  ];
  const records = [
    { time: AT, sender: 'ann', receiver: 'bob' },
    { time: AT + 2, sender: 'bob', receiver: 'cem' },
  ];
  await writeCamusFile(harness, { dest: folder, topic, schema: { type: 'record', name: 'Mail', fields }, records });
  const output = { type: 'record', name: 'Mail', fields: fields.toReversed() };
  await harness.store.write(`${folder}/output.avsc`, [Buffer.from(JSON.stringify(output))]);
  await harness.replay({ topic, archive: { dest: folder }, output: { schema: `${folder}/output.avsc` } });
  expect((await harness.read(`${topic}_REPLAY`)).map(({ value }) => value.toString())).toEqual([
    `{"receiver":"bob","sender":"ann","time":${AT}}`,
    `{"receiver":"cem","sender":"bob","time":${AT + 2}}`,
  ]);
});

test('files of two writer schemas come out as one, and no message begins with a line feed', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness, { writerSchemas: 2 });
  await harness.replay(job);
  await expectReplayed(harness, replayTopic, archive.truth());
  const messages = await harness.read(replayTopic);
  expect(messages.length).toBe(archive.truth().total);
  expect(messages.filter(({ value }) => value.toString().trimStart() !== value.toString())).toEqual([]);
});

async function endsOf(topic: string): Promise<string[]> {
  const offsets = await shared.harness.admin((admin) => admin.fetchTopicOffsets(topic));
  return offsets.map(({ partition, high }) => `${partition}: ${high}`);
}
