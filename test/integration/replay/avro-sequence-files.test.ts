// AvroSequenceFiles of every compression, the record in the key or in the value, found by themselves and replayed in
// one job: what a plain consumer reads equals what Java's own classes make of them.
import { beforeAll, expect, test } from 'vitest';
import { expectedLines, expectJson, expectValues, FIXTURES } from './fixture-expectations.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker({ REWIND_SPLIT_MIB: '0.01' });

beforeAll(async () => {
  const { harness } = shared;
  await harness.upload(`${FIXTURES}/avroseq`, `${harness.folder}/avroseq`);
  await harness.upload(`${FIXTURES}/schemas`, `${harness.folder}/schemas`);
});

test('files of all kinds, cut at sync markers, are one sequence', async () => {
  const { harness } = shared;
  const { folder, id } = harness;
  const job = { topic: 'avroseq', archive: { input: `${folder}/avroseq` } };
  const output = { schema: `${folder}/schemas/avroseq.avsc` };
  const result = await harness.replay({ ...job, replayTopic: `avroseq_json_${id}`, output });
  expect(result).toMatchObject({ order: 'time', records: { skipped: 0, skippedBy: {} } });
  expectJson(await harness.read(`avroseq_json_${id}`), await expectedLines('avroseq.jsonl'));
  const binary = { ...output, encoding: 'avro-binary' as const };
  await harness.replay({ ...job, replayTopic: `avroseq_binary_${id}`, output: binary });
  const hex = await expectedLines('avroseq.bin.hex');
  expectValues(
    await harness.read(`avroseq_binary_${id}`),
    hex.map((line) => Buffer.from(line.toString(), 'hex')),
  );
});
