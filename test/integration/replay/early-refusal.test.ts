// What would end a job after hours ends it before it claims or decodes anything: what may not be read, times and schemas
// that aren't there, a replay topic that would refuse or lose records. Input that is no job at all is told as such.
import { expect, inject, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { earlyRefusalOf, refusalOf, type Refusal } from '../../support/refusal.ts';
import { uniqueTopic, writeCamusFile, writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
/** A worker whose user is nobody in particular. */
const stranger = new OneWorker({ REWIND_HDFS_USER: 'stranger' });
const refusedEarly = (job: unknown): Promise<Refusal> => earlyRefusalOf(shared.harness, job);

async function setPermission(path: string, permission: string): Promise<void> {
  const url = `${inject('stack').namenode}/webhdfs/v1${path}?op=SETPERMISSION&permission=${permission}&user.name=rewind`;
  expect((await fetch(url, { method: 'PUT' })).status).toBe(200);
}

test.each([
  ['null', null],
  ['a number', 7],
  ['a text', 'events'],
  ['a list', ['events']],
])('%s is no job, and is told what one is', async (name, input) => {
  const { client, taskQueue, id } = shared.harness;
  const workflowId = `no-job-${id}-${name.replace(' ', '-')}`;
  const handle = await client.workflow.start('replay', { args: [input], taskQueue, workflowId });
  await expect(handle.result()).rejects.toMatchObject({
    cause: { cause: { type: 'rewind.job.input-invalid', message: expect.stringContaining('expected') as string } },
  });
});

test('a folder that may not be read is named with the right that is missing, and not tried for ever', async () => {
  const { harness } = stranger;
  const { job, folder } = await writeTestArchive(harness, { records: 100, hours: 1 });
  const staging = `${harness.folder}/open`;
  await harness.store.makeDirectory(staging);
  await setPermission(staging, '777');
  await setPermission(`${folder}/dest`, '700');
  const { type, message, steps } = await refusalOf(harness, { ...job, output: {}, staging });
  expect(type).toBe('rewind.connection.denied');
  expect(message).toContain(`${folder}/dest`);
  expect(message).toMatch(/stranger|permission/i);
  expect(steps).not.toContain('decodeAndSort');
});

const FIELDS = [
  { name: 'at', type: ['null', 'long'] },
  { name: 'body', type: 'string' },
];

/** In the bucket of the file. */
const AT = Date.UTC(2014, 10, 2, 8);

async function archiveOf(records: object[]): Promise<ReplayInput> {
  const topic = uniqueTopic();
  const dest = `${shared.harness.folder}/${topic}`;
  await writeCamusFile(shared.harness, { dest, topic, schema: { type: 'record', name: 'R', fields: FIELDS }, records });
  return { topic, archive: { dest } };
}

test('no time field: the fields that there are', async () => {
  const { type, message } = await refusedEarly(await archiveOf([{ at: null, body: 'x' }]));
  expect(type).toBe('rewind.format.schema');
  expect(message).toMatch(/time/);
  expect(message).toContain('expected a field of another name: at');
});

test('a record without a time: which one', async () => {
  const records = [
    { at: AT, body: 'x' },
    { at: null, body: 'y' },
  ];
  const { type, message } = await refusedEarly({ ...(await archiveOf(records)), time: { field: 'at' } });
  expect(type).toBe('rewind.format.time');
  expect(message).toMatch(/\.avro at byte \d+, record 1: the record has no time/);
});

test('an output schema that can not read what was written', async () => {
  const { harness } = shared;
  const job = await archiveOf([{ at: AT, body: 'x' }]);
  const path = `${harness.folder}/${job.topic}.avsc`;
  const wanted = { type: 'record', name: 'R', fields: [{ name: 'amount', type: 'int' }] };
  await harness.store.write(path, [Buffer.from(JSON.stringify(wanted))]);
  const { type, message } = await refusedEarly({ ...job, time: { field: 'at' }, output: { schema: path } });
  expect(type).toBe('rewind.format.schema');
  expect(message).toContain('amount');
});

test.each([
  ['cleanup.policy', 'compact'],
  ['retention.ms', '60000'],
  ['min.insync.replicas', '2'],
])('a replay topic with %s=%s', async (name, value) => {
  const { harness } = shared;
  const job = await archiveOf([{ at: AT, body: 'x' }]);
  const topic = `${job.topic}_REPLAY`;
  await harness.admin((admin) => createTopics(admin, [{ topic, configEntries: [{ name, value }] }]));
  const { type, message, steps } = await refusalOf(harness, { ...job, time: { field: 'at' } });
  expect(type).toBe('rewind.job.replay-topic-settings');
  expect(message).toContain(`${name}=${value}`);
  expect(steps).toEqual(['validateJob']);
});

test('a replay topic whose max.message.bytes is too small for a record', async () => {
  const job = await archiveOf([{ at: AT, body: 'x'.repeat(50_000) }]);
  const replayTopic = { maxMessageBytes: 10_000 };
  const { type, message } = await refusedEarly({ ...job, time: { field: 'at' }, replayTopic });
  expect(type).toBe('rewind.job.record-too-large');
  expect(message).toContain('10000');
});

test('more replicas than there are brokers, and a name of 249 characters that Kafka takes', async () => {
  const job = { ...(await archiveOf([{ at: AT, body: 'x' }])), time: { field: 'at' } };
  const tooMany = await refusalOf(shared.harness, { ...job, replayTopic: { replicationFactor: 3 } });
  expect(tooMany.message).toMatch(/replication/i);
  expect(tooMany.steps).toEqual(['validateJob']);
  const name = job.topic.padEnd(249, 'x');
  expect((await shared.harness.replay({ ...job, replayTopic: name })).replayTopic).toBe(name);
});
