// What is wrong with a job is told by its first steps, all at once, in terms of the job, and before anything is done.
import { expect, test } from 'vitest';
import { earlyRefusalOf, type Refusal } from '../../support/refusal.ts';
import { uniqueTopic, writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();

const refused = (job: unknown): Promise<Refusal> => earlyRefusalOf(shared.harness, job);

test('all wrong fields are named at once, unknown ones included', async () => {
  const { type, message } = await refused({
    topic: 'not a topic',
    archive: { dest: 'relative/path', format: 'orc', timeZone: 'Mars/Olympus' },
    from: 'yesterday',
    output: { encoding: 'xml', partitions: 'key', headers: { ordinall: true } },
    offsets: { group: '', existing: 'maybe' },
    badData: { limitPercent: 200 },
    kafka: { brokers: ['secret.example.com:9092'] },
  });
  expect(type).toBe('rewind.job.input-invalid');
  for (const field of [
    'topic',
    'archive.dest',
    'archive.format',
    'archive.timeZone',
    'from',
    'output.encoding',
    'output.headers.ordinall',
    'offsets.group',
    'offsets.existing',
    'badData.limitPercent',
    'kafka',
  ])
    expect(message).toMatch(new RegExp(`[ ;]${field.replaceAll('.', '\\.')}: `));
  expect(message).toContain('kafka: there is no such field; docs/job.md lists all');
  expect(message).toContain('expected an absolute HDFS path');
  expect(message).toContain('expected an IANA time zone');
  expect(message).toContain('nothing was done');
  expect(message).not.toContain('secret.example.com');
});

test('rules between fields are named together with wrong fields', async () => {
  const { message } = await refused({
    topic: 'events',
    replayTopic: 'events',
    archive: { timeZone: 'nowhere' },
    from: 2,
    to: 1,
    output: { partitions: 'key' },
    offsets: { group: 'billing', zookeeper: false },
  });
  for (const field of ['archive.timeZone', 'archive.dest', 'archive.exec', 'offsets', 'from', 'replayTopic'])
    expect(message).toMatch(new RegExp(`[ ;]${field.replaceAll('.', '\\.')}: `));
  expect(message).toContain('output.partitionCount: expected the number of partitions');
  expect(message).toContain('output.key: expected a field');
});

test.each([
  ['nothing', undefined],
  ['a text', 'topic=events'],
  ['a list', []],
])('%s in place of a job is refused as such', async (_, input) => {
  const { harness } = shared;
  const handle = await harness.client.workflow.start('replay', {
    args: [input],
    taskQueue: harness.taskQueue,
    workflowId: `no-job-${uniqueTopic()}`,
  });
  await expect(handle.result()).rejects.toMatchObject({ cause: { cause: { type: 'rewind.job.input-invalid' } } });
});

test.each(['hdfs', 'kafka', 'zookeeper'])(
  'a %s connection that the worker lacks is named, with those it has',
  async (kind) => {
    const { type, message } = await refused({
      topic: 'events',
      archive: { dest: '/nowhere', exec: '/nowhere' },
      offsets: { group: 'billing' },
      connections: { [kind]: 'production' },
    });
    expect(type).toBe('rewind.job.connection-unknown');
    expect(message).toContain(`no ${kind} connection named "production" (it has: default)`);
  },
);

test('an output schema that is missing or is none is named', async () => {
  const { harness } = shared;
  const { folder, job } = await writeTestArchive(harness, { records: 100 });
  const missing = await refused({ ...job, output: { schema: `${folder}/missing.avsc` } });
  expect(missing.type).toBe('rewind.job.schema-unusable');
  expect(missing.message).toContain(`There is no output schema at ${folder}/missing.avsc`);
  await harness.store.write(`${folder}/broken.avsc`, [Buffer.from('{"type": "record"}')]);
  const broken = await refused({ ...job, output: { schema: `${folder}/broken.avsc` } });
  expect(broken.type).toBe('rewind.job.schema-unusable');
  expect(broken.message).toContain(`${folder}/broken.avsc`);
  expect(broken.message).toContain('Check output.schema');
});

test('a folder without the topic is named with the nearest one that exists', async () => {
  const { harness } = shared;
  const { folder, job } = await writeTestArchive(harness, { records: 100 });
  const { type, message } = await refused({ ...job, topic: 'page_view', replayTopic: uniqueTopic() });
  expect(type).toBe('rewind.job.no-input-files');
  expect(message).toContain(`${folder}/dest/page_view/hourly/*/*/*/*`);
  expect(message).toContain(`The nearest folder that exists is ${folder}/dest.`);
});

test('a history that is missing, or holds no execution, is named', async () => {
  const { harness } = shared;
  const { folder, job } = await writeTestArchive(harness, { records: 100 });
  const offsets = { group: 'billing' };
  const missing = await refused({ ...job, archive: { ...job.archive, exec: `${folder}/nowhere` }, offsets });
  expect(missing.type).toBe('rewind.job.history-missing');
  const empty = await refused({ ...job, archive: { ...job.archive, history: `${folder}/dest` }, offsets });
  expect(empty.type).toBe('rewind.job.history-unusable');
  expect(empty.message).toContain('expected folders named yyyy-MM-dd-HH-mm-ss');
});
