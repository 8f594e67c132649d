// Functions of the user's own, by name: they decide on times, leave records out, and make what is published, in the
// decoding threads of a real worker. What they do wrong is told with the file and the record.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { uniqueTopic, writeCamusFile } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-functions-'));
/** In the bucket of the files. */
const AT = Date.UTC(2014, 10, 2, 8);
const MODULE = join(folder, 'functions.mjs');
writeFileSync(
  MODULE,
  `export const time = { backwards: ({ value }) => ${AT} + 1_000_000 - value.id, text: () => 'noon', exact: ({ value }) => BigInt(value.id) };
   export const filter = { even: ({ value }) => value.id % 2 === 0, maybe: () => undefined, late: async () => true };
   export const transform = {
     tagged: ({ value, file, partition }) => ({ ...value, partition, inFile: file.endsWith('.avro') }),
     big: ({ value }) => ({ type: typeof value.big, big: value.big }),
     broken: ({ value }) => { if (value.id === 3) throw new Error('three is too many'); return value; },
   };
   export const encoding = { csv: ({ value }) => [value.id, value.partition].join(';'), bytes: () => new Uint8Array([1, 2, 255]) };`,
);
afterAll(() => rmSync(folder, { recursive: true }));
const shared = new OneWorker({ REWIND_FUNCTIONS: MODULE });

const SCHEMA = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'id', type: 'int' },
    { name: 'big', type: 'long' },
  ],
};
const BIG = 9_007_199_254_740_993n;

async function orders(count = 6): Promise<{ topic: string; archive: { dest: string } }> {
  const topic = uniqueTopic();
  const dest = `${shared.harness.folder}/${topic}`;
  const records = Array.from({ length: count }, (_, id) => ({ time: AT + id, id, big: 7 }));
  await writeCamusFile(shared.harness, { dest, topic, schema: SCHEMA, records, partition: 2 });
  return { topic, archive: { dest } };
}

async function values(topic: string): Promise<string[]> {
  return (await shared.harness.read(`${topic}_REPLAY`)).map(({ value }) => value.toString());
}

test('a filter, a transformation and an encoding work one after the other, in the order of a function of time', async () => {
  const job = await orders();
  const functions = { time: 'backwards', filter: 'even', transform: 'tagged', encoding: 'csv' };
  const result = await shared.harness.replay({ ...job, functions });
  expect(await values(job.topic)).toEqual(['4;2', '2;2', '0;2']);
  expect(result.records).toMatchObject({ read: 6, published: '3', filtered: 3, skipped: 0 });
  expect([result.firstTime, result.lastTime]).toEqual([String(AT + 999_996), String(AT + 1_000_000)]);
});

test('a transformation alone publishes its value as JSON, and knows file and partition', async () => {
  const job = await orders(2);
  await shared.harness.replay({ ...job, functions: { transform: 'tagged' } });
  expect(await values(job.topic)).toEqual([
    `{"time":${AT},"id":0,"big":7,"partition":2,"inFile":true}`,
    `{"time":${AT + 1},"id":1,"big":7,"partition":2,"inFile":true}`,
  ]);
});

test('integers beyond 2^53 come as BigInts and go out exactly', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  await harness.store.write(`${harness.folder}/${topic}/lines`, [
    Buffer.from(`{"timestamp":1414915200,"big":${BIG}}\n`),
  ]);
  const archive = { input: `${harness.folder}/${topic}`, format: 'text' as const };
  await harness.replay({ topic, archive, time: { format: 'unix' }, functions: { transform: 'big' } });
  expect(await values(topic)).toEqual([`{"type":"bigint","big":${BIG}}`]);
});

test('an encoding publishes bytes as they are', async () => {
  const job = await orders(1);
  await shared.harness.replay({ ...job, functions: { encoding: 'bytes' } });
  expect((await shared.harness.read(`${job.topic}_REPLAY`)).map(({ value }) => [...value])).toEqual([[1, 2, 255]]);
});

test('a function that throws ends the job with the record, or is skipped and counted', async () => {
  const job = await orders();
  const functions = { transform: 'broken' };
  const failure = await shared.harness.failure({ ...job, functions });
  expect(failure.type).toBe('rewind.format.function');
  expect(failure.message).toMatch(
    /\.avro at byte \d+, record 3: the function transform\.broken threw: three is too many/,
  );
  const skipping = { ...job, replayTopic: `${job.topic}_again`, functions };
  const result = await shared.harness.replay({ ...skipping, badData: { policy: 'skip', limitPercent: 50 } });
  expect(result.records).toMatchObject({ read: 6, published: '5', skipped: 1, skippedBy: { function: 1 } });
});

test.each([
  ['time', 'text', /the function time\.text returned what it must not: expected a whole number.*found "noon"/],
  ['filter', 'maybe', /the function filter\.maybe returned .*expected true or false, found undefined/],
  ['filter', 'late', /expected its result at once, found .*promise/i],
])('%s.%s, which returns what it must not, is an error', async (kind, name, message) => {
  const failure = await shared.harness.failure({ ...(await orders()), functions: { [kind]: name } });
  expect(failure.type).toBe('rewind.format.function');
  expect(failure.message).toMatch(message);
});

test('an unknown function is refused at once, with those that there are', async () => {
  const failure = await shared.harness.failure({ ...(await orders()), functions: { filter: 'odd' } });
  expect(failure.type).toBe('rewind.job.function-unknown');
  expect(failure.message).toContain('no function filter.odd (of this kind it has: even, maybe, late)');
});
