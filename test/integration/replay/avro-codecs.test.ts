// Avro container files of every codec and every type, replayed as Avro-JSON and as Avro binary: equal to what Java
// makes of them. With "original" the bytes of each record are those of the file.
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { expectedLines, expectJson, expectValues, FIXTURES } from './fixture-expectations.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker({ REWIND_SPLIT_MIB: '0.03' });

const TOPICS = ['codecs', 'everything', 'odd_names'];

beforeAll(async () => {
  const { harness } = shared;
  for (const topic of TOPICS)
    await harness.upload(`${FIXTURES}/camus/dest/${topic}`, `${harness.folder}/dest/${topic}`);
  await harness.upload(`${FIXTURES}/schemas`, `${harness.folder}/schemas`);
});

function job(topic: string, kind: string, output: ReplayInput['output']): ReplayInput & { replayTopic: string } {
  const { folder, id } = shared.harness;
  const replayTopic = `${topic}_${kind}_${id}`;
  return { topic, replayTopic, archive: { dest: `${folder}/dest` }, output: { invalidTimestamps: 'clamp', ...output } };
}

test.each(TOPICS)('%s, as Avro-JSON', async (topic) => {
  const { harness } = shared;
  const json = job(topic, 'json', { schema: `${harness.folder}/schemas/${topic}.avsc` });
  expect((await harness.replay(json)).records.skipped).toBe(0);
  expectJson(await harness.read(json.replayTopic), await expectedLines(`${topic}.jsonl`));
});

test.each(TOPICS)('%s, as Avro binary', async (topic) => {
  const { harness } = shared;
  const schema = `${harness.folder}/schemas/${topic}.avsc`;
  const binary = job(topic, 'binary', { encoding: 'avro-binary', schema });
  await harness.replay(binary);
  const hex = await expectedLines(`${topic}.bin.hex`);
  expectValues(
    await harness.read(binary.replayTopic),
    hex.map((line) => Buffer.from(line.toString(), 'hex')),
  );
});

test('codecs, as the bytes of the file: decoded by the schema of their writer they are what Java reads', async () => {
  const { harness } = shared;
  const original = job('codecs', 'original', { encoding: 'original' });
  await harness.replay(original);
  const schema = parseSchema(await readFile(`${FIXTURES}/schemas/codecs.avsc`, 'utf8'));
  const transcoder = compileTranscoder(schema, schema, 'avro-json');
  const messages = (await harness.read(original.replayTopic)).map((message) => {
    const json = new ByteWriter(1024);
    expect(transcoder.transcode(message.value, 0, message.value.length, json)).toBe(message.value.length);
    return { ...message, value: Buffer.from(json.view()) };
  });
  expectJson(messages, await expectedLines('codecs.jsonl'));
});
