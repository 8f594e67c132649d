// A plan tells what a replay would do, and everything that stands in its way at once, and touches nothing: no file, no
// topic, no group, no node.
import { expect, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { expectedOffsets, putZooKeeperOffset } from '../../support/group-offsets.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const LARGEST_PAYLOAD = 64 * 1024;

async function plan(job: ReplayInput): Promise<ReplayPlan> {
  const handle = await shared.harness.start({ ...job, plan: true });
  const made = (await handle.result()) as ReplayPlan;
  expect(Buffer.byteLength(JSON.stringify(made))).toBeLessThan(LARGEST_PAYLOAD);
  return made;
}

/** All that a plan could have touched. */
async function everything(topic: string, group: string): Promise<unknown> {
  const { harness } = shared;
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const { path, kind, length, modifiedAt } of harness.store.list(folder)) {
      files.push(`${path} ${length} ${modifiedAt}`);
      if (kind === 'directory') await walk(path);
    }
  };
  await walk(harness.folder);
  const topics = (await harness.admin((admin) => admin.listTopics())).filter((name) => name.includes(topic));
  const groups = (await harness.admin((admin) => admin.listGroups())).groups.filter(
    ({ groupId }) => groupId.includes(topic) || groupId.includes(group),
  );
  const nodes = await harness.zookeeper((store) => store.get(`/consumers/${group}`));
  return { files, topics, groups, nodes };
}

test('a plan that is ready says what the replay then does, and touches nothing', async () => {
  const { harness } = shared;
  const { job, topic, replayTopic, archive } = await writeTestArchive(harness, { records: 2_000, hours: 4 });
  await harness.createSource(topic, archive.offsets());
  const group = `planned-${topic}`;
  const input = { ...job, offsets: { group, kafka: true } };
  const before = await everything(topic, group);
  const planned = await plan(input);
  expect(await everything(topic, group)).toEqual(before);

  expect(planned).toMatchObject({ plan: true, topic, ready: true, problems: [] });
  // As retention has left it: the live log begins where the archive ends.
  expect(planned.situation).toMatchObject({ state: 'trimmed', gap: false });
  const truth = archive.truth();
  expect(planned.read).toMatchObject({
    files: truth.files.length,
    records: { byNames: String(truth.total), filesWithoutCount: 0, estimated: String(truth.total) },
    execution: archive.newestExecution.path,
    sample: { writerSchemas: 1 },
    leftOut: [],
    doubled: [],
  });
  expect(planned.read?.formats).toMatchObject([{ names: '*.avro', found: [{ format: 'avro' }] }]);
  const [first, last] = [truth.time(0), truth.time(truth.total - 1)];
  expect(Date.parse(planned.read?.times?.from ?? '')).toBeLessThanOrEqual(first);
  expect(Date.parse(planned.read?.times?.to ?? '')).toBeGreaterThan(last);
  expect(planned.replayTopic).toMatchObject({
    name: replayTopic,
    exists: false,
    partitions: 1,
    replicas: 1,
    settings: { 'retention.ms': '-1', 'cleanup.policy': 'delete' },
  });
  expect(planned.offsets).toMatchObject({
    group,
    zookeeper: { action: 'commit', path: `/consumers/${group}/offsets/${topic}`, consumers: [] },
    kafka: { action: 'commit', members: 0 },
  });
  const offsets = Object.fromEntries(
    (planned.offsets?.partitions ?? []).map(({ partition, offset }) => [partition, offset]),
  );
  expect(offsets).toEqual(expectedOffsets(archive));
  expect(planned.rights.kafka).toContainEqual({
    resource: 'TransactionalId',
    name: `rewind.${replayTopic}`,
    operations: ['Describe', 'Write'],
  });
  expect(planned.staging).toMatchObject({ folder: `${harness.folder}/staging/${topic}`, replication: 1 });
  expect(Number(planned.staging?.free)).toBeGreaterThan(0);

  const result = await harness.replay(input);
  expect(result.files).toBe(planned.read?.files);
  expect(result.records.published).toBe(planned.read?.records.byNames);
  // Sizes are estimates, of the right order.
  const published = (await harness.read(replayTopic)).reduce((sum, { value }) => sum + value.length, 0);
  expect(Number(planned.replayTopic?.bytes)).toBeGreaterThan(published);
  expect(Number(planned.replayTopic?.bytes)).toBeLessThan(published * 2);
});

test('a plan lists every problem of a job, each as the job would fail with it', async () => {
  const { harness } = shared;
  const { job, topic } = await writeTestArchive(harness, { records: 600 });
  const group = `refused-${topic}`;
  await putZooKeeperOffset(harness, group, topic, '0', '17');
  await harness.admin((admin) =>
    createTopics(admin, [{ topic: `${topic}_REPLAY`, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] }]),
  );
  const planned = await plan({
    ...job,
    time: { field: 'no.such.field' },
    output: { schema: '/no/such/schema.avsc' },
    offsets: { group, existing: 'fail' },
  });
  expect(planned.ready).toBe(false);
  const types = planned.problems.map(({ type, step }) => `${step}: ${type}`);
  expect(types).toEqual([
    'validate: rewind.job.schema-unusable',
    'offsets: rewind.job.source-topic-missing',
    'claim: rewind.job.replay-topic-settings',
    'decode: rewind.format.schema',
    'commit: rewind.job.offsets-group-exists',
  ]);
  for (const { message } of planned.problems) expect(message.length).toBeGreaterThan(30);
  expect(planned.problems.find(({ step }) => step === 'decode')?.message).toContain('no.such.field');
  expect(planned.offsets?.zookeeper).toMatchObject({ action: 'refuse' });
  expect(planned.replayTopic?.unsafe.join()).toContain('cleanup.policy=compact');
});

test('a plan names who has claimed the replay topic', async () => {
  const { harness } = shared;
  const { job, archive } = await writeTestArchive(harness, { records: 600 });
  const { job: owner } = await harness.replay(job);
  const planned = await plan(job);
  expect(planned.replayTopic).toMatchObject({
    exists: true,
    claimedBy: { job: owner, published: String(archive.truth().total) },
  });
  expect(planned.problems.map(({ type }) => type)).toEqual(['rewind.job.replay-topic-claimed']);
});

test('a plan of a job with nothing to read names the nearest folder, and wrong fields are told as the job tells them', async () => {
  const { harness } = shared;
  const { job, folder } = await writeTestArchive(harness, { records: 300, hours: 1 });
  const planned = await plan({ ...job, archive: { input: `${folder}/dest/none/*/*` } });
  expect(planned.problems).toMatchObject([{ type: 'rewind.job.no-input-files', step: 'list' }]);
  expect(planned.problems[0]?.message).toContain(`nearest folder that exists is ${folder}/dest`);
  expect(await harness.failure({ ...job, plan: true, order: 'size' } as unknown as ReplayInput)).toMatchObject({
    type: 'rewind.job.input-invalid',
  });
});
