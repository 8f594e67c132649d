// What stands in a message: Avro-JSON as Java prints it, Avro binary byte for byte, or plain JSON; with every
// compression, and over several partitions.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { uniqueTopic, writeCamusFile, writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const TOPICS = ['ad_impressions', 'member_updates', 'page_views', 'sensor_readings'];

const shared = new OneWorker();

beforeAll(async () => {
  const { harness } = shared;
  for (const topic of TOPICS)
    await harness.upload(`${FIXTURES}/camus/dest/${topic}`, `${harness.folder}/dest/${topic}`);
  await harness.upload(`${FIXTURES}/schemas`, `${harness.folder}/schemas`);
});

test.each(TOPICS)('%s in Avro binary is what Java encodes', async (topic) => {
  const { harness } = shared;
  const replayTopic = `${topic}_binary_${harness.id}`;
  await harness.replay({
    topic,
    replayTopic,
    archive: { dest: `${harness.folder}/dest` },
    output: { schema: `${harness.folder}/schemas/${topic}.avsc`, encoding: 'avro-binary' },
  });
  const lines = (await readFile(`${FIXTURES}/expected/${topic}.bin.hex`, 'utf8')).trimEnd().split('\n');
  expect((await harness.read(replayTopic)).map(({ value }) => value.toString('hex'))).toEqual(lines);
});

/** In the bucket of the file. */
const AT = Date.UTC(2014, 10, 2, 8);

test('plain JSON has no branches of unions', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const schema = {
    type: 'record',
    name: 'Event',
    fields: [
      { name: 'time', type: 'long' },
      { name: 'user', type: ['null', 'string'] },
      { name: 'tags', type: { type: 'array', items: ['null', 'long'] } },
    ],
  };
  const records = [
    { time: AT, user: 'ann', tags: [1, null] },
    { time: AT + 2, user: null, tags: [] },
  ];
  await writeCamusFile(harness, { dest: harness.folder, topic, schema, records });
  const job = { topic, archive: { dest: harness.folder } };
  await harness.replay({ ...job, output: { encoding: 'json' } });
  const plain = (await harness.read(`${topic}_REPLAY`)).map(({ value }) => value.toString());
  expect(plain).toEqual([`{"time":${AT},"user":"ann","tags":[1,null]}`, `{"time":${AT + 2},"user":null,"tags":[]}`]);
  await harness.replay({ ...job, replayTopic: `${topic}_avro` });
  const avro = (await harness.read(`${topic}_avro`)).map(({ value }) => value.toString());
  expect(avro[0]).toBe(`{"time":${AT},"user":{"string":"ann"},"tags":[{"long":1},null]}`);
});

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
  'batches compressed with %s, in Avro binary',
  async (compression) => {
    const { harness } = shared;
    const { archive, replayTopic, job } = await writeTestArchive(harness, { partitions: 2 });
    const output = { ...job.output, encoding: 'avro-binary' as const, compression, partitions: 'source' as const };
    await harness.replay({ ...job, output });
    await expectReplayed(harness, replayTopic, archive.truth(), {
      encoding: 'avro-binary',
      partition: (truth, position) => truth.at(position).partition,
    });
  },
);

test('without an output schema every file has its own', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness, { writerSchemas: 2 });
  await harness.replay({ ...job, output: {} });
  await expectReplayed(harness, replayTopic, archive.truth(), { encoding: 'writer-json' });
});

test('many replay topics at once, of one archive', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness);
  const names = [1, 2, 3].map((number) => `${topic}_${number}`);
  await Promise.all(names.map((replayTopic) => harness.replay({ ...job, replayTopic })));
  for (const name of names) await expectReplayed(harness, name, archive.truth());
});
