// What Kafka Connect's HDFS sink wrote, through the whole workflow on real servers: what a plain consumer reads equals
// what Java makes of the files, and a consumer group goes on behind the last offset in the names, unless one is missing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { uniqueTopic } from '../../support/test-archive.ts';
import { expectedLines, expectJson, FIXTURES } from './fixture-expectations.ts';

const BEGAN = Date.UTC(2026, 10, 20, 10);

let harness: ReplayHarness;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  await harness.upload(`${FIXTURES}/connect`, `${harness.folder}/connect`);
  await harness.upload(`${FIXTURES}/schemas`, `${harness.folder}/schemas`);
  await harness.startWorker();
});
afterAll(() => harness?.close());

test.each(['invoices', 'shipments'])('%s equals what Java reads, in its order', async (topic) => {
  const { folder, id } = harness;
  const replayTopic = `${topic}_REPLAY_${id}`;
  await harness.replay({
    topic,
    replayTopic,
    archive: { layout: 'kafka-connect', dest: `${folder}/connect` },
    output: { schema: `${folder}/schemas/connect.${topic}.avsc` },
  });
  expectJson(await harness.read(replayTopic), await expectedLines(`connect.${topic}.jsonl`));
});

test('Parquet is published as the Avro data that it was made of', async () => {
  const { folder, id } = harness;
  const topic = 'all';
  const replayTopic = `${topic}_REPLAY_${id}`;
  const java = join(FIXTURES, '../java-archives/parquet');
  const target = `${folder}/parquet/topics/${topic}/partition=0/${topic}+0+0000000000+0000000059.parquet`;
  await harness.store.write(target, [await readFile(`${java}/all.snappy.parquet`)]);
  await harness.replay({
    topic,
    replayTopic,
    archive: { layout: 'kafka-connect', dest: `${folder}/parquet` },
    output: { encoding: 'original' },
  });
  const values = (await harness.read(replayTopic)).map(({ value }) => value.toString('hex'));
  expect(values).toEqual((await readFile(`${java}/all.hex`, 'utf8')).split('\n').slice(0, -1));
});

/** Lines of one file, as JsonFormat writes them. */
async function write(dest: string, topic: string, partition: number, first: number, last: number): Promise<string[]> {
  const lines = Array.from({ length: last - first + 1 }, (_, index) =>
    JSON.stringify({ timestamp: BEGAN + 100 * partition + first + index, partition, offset: first + index }),
  );
  const padded = (offset: number): string => String(offset).padStart(10, '0');
  const name = `${topic}+${partition}+${padded(first)}+${padded(last)}.json`;
  const path = `${dest}/data/kafka/${topic}/partition=${partition}/${name}`;
  await harness.store.write(path, [Buffer.from(`${lines.join('\n')}\n`)]);
  return lines;
}

test('a group goes on behind the last offset in the names, and not where one before it is missing', async () => {
  const topic = uniqueTopic();
  const dest = `${harness.folder}/json`;
  const group = `${topic}-billing`;
  const job = {
    topic,
    archive: { layout: 'kafka-connect', dest, topicsDir: 'data/kafka' },
    time: { field: 'timestamp', format: 'unix_milliseconds' },
    offsets: { group, zookeeper: true, kafka: true },
  };
  const first = await write(dest, topic, 0, 0, 4);
  const third = await write(dest, topic, 0, 8, 12);
  const other = await write(dest, topic, 1, 3, 4);
  await harness.createSource(topic, [
    { partition: 0, offset: 13n },
    { partition: 1, offset: 5n },
  ]);
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.job.records-missing');
  expect(failure.message).toContain('partition 0: offsets 5 to 7');
  const second = await write(dest, topic, 0, 5, 7);
  const result = await harness.replay(job);
  expect(result.offsets).toMatchObject({ kafka: 'committed', zookeeper: 'committed' });
  const values = (await harness.read(`${topic}_REPLAY`)).map(({ value }) => value.toString());
  expect(values).toEqual([...first, ...second, ...third, ...other]);
  const [offsets] = await harness.admin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
  expect(offsets?.partitions.map(({ partition, offset }) => [partition, offset]).sort()).toEqual([
    [0, '13'],
    [1, '5'],
  ]);
});
