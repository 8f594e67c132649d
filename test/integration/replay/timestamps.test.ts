// What becomes of a record's time: Kafka's timestamp in milliseconds, whatever unit and field it is in, or the time of
// publishing; and times that Kafka can't hold.
import { expect, test } from 'vitest';
import { uniqueTopic, writeCamusFile } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';

const shared = new OneWorker();

/** Writes a file of records that are a time each, replays it, and returns what a consumer gets. */
async function replayTimes(times: readonly number[], type: unknown, job: Partial<ReplayInput> = {}) {
  const { harness } = shared;
  const made = await writeTimes(times, type);
  const result = await harness.replay({ ...made, ...job });
  const messages = await harness.read(`${made.topic}_REPLAY`);
  return { result, timestamps: messages.map(({ timestamp }) => Number(timestamp)), messages };
}

async function writeTimes(times: readonly number[], type: unknown): Promise<ReplayInput> {
  const { harness } = shared;
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  const schema = { type: 'record', name: 'Event', fields: [{ name: 'time', type }] };
  await writeCamusFile(harness, { dest, topic, schema, records: times.map((time) => ({ time })) });
  // Most of these times are not those of the file's bucket, and are told.
  return { topic, archive: { dest, strayTimes: 'report' } };
}

const SECONDS = 1_414_915_200;
const UNITS: [string, unknown, ReplayInput['time'], number[], number[]][] = [
  ['milliseconds by default', 'long', {}, [SECONDS * 1000 + 7], [SECONDS * 1000 + 7]],
  ['milliseconds in a logical type', { type: 'long', logicalType: 'timestamp-millis' }, {}, [5], [5]],
  [
    'microseconds in a logical type, rounded down',
    { type: 'long', logicalType: 'timestamp-micros' },
    {},
    [1_999, 2_000, SECONDS * 1_000_000 + 999],
    [1, 2, SECONDS * 1000],
  ],
  ['seconds, as the job says', 'int', { unit: 'seconds' }, [SECONDS], [SECONDS * 1000]],
  ['microseconds, as the job says', 'long', { unit: 'micros' }, [SECONDS * 1_000_000], [SECONDS * 1000]],
  ['nanoseconds, as the job says', 'long', { unit: 'nanos' }, [1_999_999, 2_000_000], [1, 2]],
];

test.each(UNITS)('%s', async (_, type, time = {}, times, expected) => {
  const { timestamps, result } = await replayTimes(times, type, { time });
  expect(timestamps).toEqual(expected);
  expect([result.firstTime, result.lastTime]).toEqual([String(times[0]), String(times.at(-1))]);
});

test('time 0 stays 0, and records of one time keep the order of their file', async () => {
  const { timestamps, messages } = await replayTimes([3, 0, 3, 0], 'long');
  expect(timestamps).toEqual([0, 0, 3, 3]);
  expect(messages.map(({ headers }) => headers['rewind-ordinal'])).toEqual(['0', '1', '2', '3']);
});

test('publish time by choice: records keep their order, negative times included', async () => {
  const before = Date.now();
  const { timestamps, messages, result } = await replayTimes([5, -3, 1], 'long', { output: { timestamps: 'publish' } });
  expect(Math.min(...timestamps)).toBeGreaterThanOrEqual(before - 1000);
  expect(Math.max(...timestamps)).toBeLessThanOrEqual(Date.now() + 1000);
  expect(messages.map(({ value }) => value.toString())).toEqual(['{"time":-3}', '{"time":1}', '{"time":5}']);
  expect(result.records.clampedTimes).toBe(0);
});

test('a time before 1970 is an error that names the file, the record and the way out', async () => {
  const { harness } = shared;
  const job = await writeTimes([5, -3, 1], 'long');
  const failure = await harness.failure(job);
  expect(failure.type).toBe('rewind.format.time');
  expect(failure.message).toMatch(/\.1\.0\.3\.3\.\d+\.avro at byte \d+, record 1: /);
  expect(failure.message).toContain('expected a time from 1970 on, found -3');
  expect(failure.message).toContain('set output.invalidTimestamps to "clamp"');
  // It was found before the replay topic was even created.
  expect(await harness.admin((admin) => admin.listTopics())).not.toContain(`${job.topic}_REPLAY`);
});

test('clamped times come first, in their own order, are counted, and stand in a header', async () => {
  const { messages, timestamps, result } = await replayTimes([5, -3, 1, -70_000], 'long', {
    output: { invalidTimestamps: 'clamp' },
  });
  expect(timestamps).toEqual([0, 0, 1, 5]);
  expect(messages.map(({ headers }) => headers['rewind-time'])).toEqual(['-70000', '-3', undefined, undefined]);
  expect(result.records).toMatchObject({ published: '4', clampedTimes: 2, skipped: 0 });
});

test('a field path of any depth; a path that no field has is an error that names it', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const meta = { type: 'record', name: 'Meta', fields: [{ name: 'created', type: ['null', 'long'] }] };
  const schema = { type: 'record', name: 'Event', fields: [{ name: 'meta', type: meta }] };
  const records = [9, 4].map((created) => ({ meta: { created } }));
  const dest = `${harness.folder}/${topic}`;
  const path = await writeCamusFile(harness, { dest, topic, schema, records });
  const job: ReplayInput = { topic, archive: { dest, strayTimes: 'report' } };
  const failure = await harness.failure({ ...job, replayTopic: `${topic}_2` });
  expect(failure.message).toContain(path);
  expect(failure.message).toMatch(/time/);
  await harness.replay({ ...job, time: { field: 'meta.created' } });
  expect((await harness.read(`${topic}_REPLAY`)).map(({ timestamp }) => timestamp)).toEqual(['4', '9']);
});

test('files whose times have several units are refused before anything is published', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  const event = (type: unknown): object => ({ type: 'record', name: 'Event', fields: [{ name: 'time', type }] });
  const file = { dest, topic, records: [{ time: 5_000_000 }] };
  await writeCamusFile(harness, { ...file, schema: event('long') });
  const micros = event({ type: 'long', logicalType: 'timestamp-micros' });
  await writeCamusFile(harness, { ...file, partition: 1, schema: micros });
  const failure = await harness.failure({ topic, archive: { dest } });
  expect(failure.message).toMatch(/unit/);
  expect(failure.message).toMatch(/[Ss]et time\.unit/);
});
