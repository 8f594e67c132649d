// SequenceFiles of LongWritable and Text, as Camus's SequenceFileRecordWriterProvider writes them: the key is the
// record's time, the text is published byte for byte, whatever the compression.
import { beforeAll, expect, test } from 'vitest';
import { expectedLines, expectValues, FIXTURES } from './fixture-expectations.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker({ REWIND_SPLIT_MIB: '0.01' });

const TOPICS = [
  'st_none',
  'st_markers',
  ...['record', 'block'].flatMap((by) => ['default', 'deflate', 'gzip', 'snappy'].map((codec) => `st_${by}_${codec}`)),
];

beforeAll(async () => {
  const { harness } = shared;
  await harness.upload(`${FIXTURES}/seqtext`, `${harness.folder}/dest`);
});

test.each(TOPICS)('%s', async (topic) => {
  const { harness } = shared;
  const replayTopic = `${topic}_${harness.id}`;
  const archive = { dest: `${harness.folder}/dest` };
  // Keys of st_markers reach from -2^63 to 2^63 - 1.
  const output = { invalidTimestamps: 'clamp' as const };
  const result = await harness.replay({ topic, replayTopic, archive, output });
  const lines = (await expectedLines(`seqtext/${topic}.tsv`)).map((line) => line.toString());
  const [times, texts] = [0, 1].map((column) => lines.map((line) => line.split('\t')[column]!)) as [string[], string[]];
  const messages = await harness.read(replayTopic);
  expectValues(
    messages,
    texts.map((text) => Buffer.from(JSON.parse(text) as string)),
  );
  expect([result.firstTime, result.lastTime]).toEqual([times[0], times.at(-1)]);
  for (const [index, { timestamp, headers }] of messages.entries())
    expect(headers['rewind-time'] ?? timestamp).toBe(times[index]);
});
