// A job that publishes window by window ends half published for what one that is sorted as a whole finds before its first
// record. Each such end has a way out on real servers, by the command that its error names: nothing lost, nothing twice.
import { randomBytes } from 'node:crypto';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { runRewind, type Ran } from '../cli/run-rewind.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { uniqueTopic, writeCamusFile } from '../../support/test-archive.ts';

let harness: ReplayHarness;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  await harness.startWorker({ REWIND_SPLIT_MIB: '0.05' });
});
afterAll(() => harness?.close());

const HOUR = 3_600_000;
const BUCKET = Date.UTC(2014, 10, 2, 12);
/** So many that a sample doesn't see the last of them. */
const RECORDS = 8_000;
const SCHEMA = {
  type: 'record',
  name: 'Event',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'pad', type: 'string' },
  ],
};

interface Event {
  time: number;
  pad: string;
}

interface Hours {
  input: ReplayInput & { replayTopic: string };
  /** Of the third of four hours, where each test has its fault. */
  path: string;
  records: Event[];
  /** Of all records, in order. */
  times: number[];
}

/** Four hours, of which the last record of the third is what a test makes of it. */
async function writeHours(change: (last: Event) => Event = (last) => last): Promise<Hours> {
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  const files: { path: string; records: Event[] }[] = [];
  for (const nth of [0, 1, 2, 3]) {
    const bucket = BUCKET + nth * HOUR;
    const records = Array.from({ length: RECORDS }, (_, n) => ({
      time: bucket + n * 400,
      pad: randomBytes(12).toString('base64'),
    }));
    if (nth === 2) records.push(change(records.pop()!));
    const nextOffset = (nth + 1) * 10_000;
    files.push({
      path: await writeCamusFile(harness, { dest, topic, schema: SCHEMA, bucket, nextOffset, records }),
      records,
    });
  }
  const times = files.flatMap(({ records }) => records.map(({ time }) => time)).toSorted((a, b) => a - b);
  const job: ReplayInput = { topic, archive: { dest }, sort: 'auto', output: { encoding: 'json' } };
  const staging = `${harness.folder}/staging`;
  return { input: { ...job, staging, replayTopic: `${topic}_REPLAY` }, ...files[2]!, times };
}

async function timesIn(topic: string): Promise<number[]> {
  return (await harness.read(topic)).map(({ value }) => (JSON.parse(String(value)) as Event).time);
}

/** Runs a job up to its failure, half published. */
async function half({
  input,
  times,
}: Hours): Promise<{ handle: WorkflowHandle; type: string | undefined; message: string }> {
  const handle = await harness.start(input);
  const failure = await harness.failureOf(handle);
  const out = await timesIn(input.replayTopic);
  expect(out).toEqual(times.slice(0, 2 * RECORDS));
  return { handle, ...failure };
}

/** `rewind resume ID --job FILE`, up to the end of the job, or until it is refused. */
async function runResume(handle: WorkflowHandle, job: ReplayInput | undefined): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-job-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'job.json'), JSON.stringify(job ?? {}));
  const by = job === undefined ? [] : ['--job', join(folder, 'job.json')];
  return runRewind(harness, ['resume', handle.workflowId, ...by, '--watch', '--json']);
}

async function resumeBy(handle: WorkflowHandle, job: ReplayInput | undefined): Promise<ReplayResult> {
  const { code, out, err } = await runResume(handle, job);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as ReplayResult;
}

test('bad data ends it there, and it goes on without what can not be read where it is resumed so', async () => {
  const hours = await writeHours();
  const { input, path, records, times } = hours;
  const { length } = (await harness.store.status(path))!;
  const cut = await harness.store.read(path, 0, Math.floor(length * 0.9));
  await harness.store.write(path, [cut], { overwrite: true });
  const { handle, type, message } = await half(hours);
  expect(type).toBe('rewind.format.truncated');
  expect(message).toContain(path);
  expect(message).toContain('rewind resume ID --job JOB.json');
  expect(message).toContain(`${2 * RECORDS} records that come before it are published in ${input.replayTopic}`);
  // An input that is refused leaves the job to the next one.
  const badData = { policy: 'skip', limitPercent: 20 } as const;
  const refused = await runResume(handle, { ...input, badData, output: { encoding: 'avro-binary' } });
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(`rewind resume ${handle.workflowId} --job JOB.json`);
  const result = await resumeBy(handle, { ...input, badData });
  expect(result.records.skipped).toBeGreaterThan(0);
  expect(result.sorting?.by).toBe('windows');
  const out = await timesIn(input.replayTopic);
  expect(result.records.published).toBe(String(out.length));
  const lost = new Set(records.slice(out.length - 3 * RECORDS).map(({ time }) => time));
  expect(lost.size).toBeLessThan(RECORDS);
  expect(out).toEqual(times.filter((time) => !lost.has(time)));
});

test('a record that is too large ends it there, and it goes on when the topic takes such', async () => {
  const hours = await writeHours((last) => ({ ...last, pad: 'x'.repeat(100_000) }));
  hours.input.replayTopic = `${hours.input.topic}_SMALL`;
  const input = { ...hours.input, replayTopic: { name: hours.input.replayTopic, maxMessageBytes: 65_536 } };
  const handle = await harness.start(input);
  const { type, message } = await harness.failureOf(handle);
  expect(type).toBe('rewind.job.record-too-large');
  // Where its window is decoded before the first one is out, it is told earlier.
  const out = Number(/(\d+) records that come before it are published/.exec(message)?.[1] ?? 0);
  expect([0, RECORDS, 2 * RECORDS]).toContain(out);
  expect(message).toContain(out === 0 ? 'Nothing was published' : `are published in ${input.replayTopic.name}`);
  expect(message).toContain('rewind resume ID');
  expect(await timesIn(input.replayTopic.name)).toEqual(hours.times.slice(0, out));
  await harness.admin((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        { type: 2, name: input.replayTopic.name, configEntries: [{ name: 'max.message.bytes', value: '1048588' }] },
      ],
    }),
  );
  await resumeBy(handle, { ...input, replayTopic: { ...input.replayTopic, unsafeSettings: 'accept' } });
  expect(await timesIn(input.replayTopic.name)).toEqual(hours.times);
});

test('a record that belongs before what is out ends it for good: the topic is deleted, and the job begun anew as a whole', async () => {
  const hours = await writeHours((last) => ({ ...last, time: BUCKET + 7 }));
  const { input, times } = hours;
  const handle = await harness.start(input);
  const { type, message } = await harness.failureOf(handle);
  expect(type).toBe('rewind.job.outside-window');
  expect(message).toContain('Set sort to "whole", and replay into a new topic');
  const refused = await harness.failure({ ...input, sort: 'whole' });
  expect(refused.type).toBe('rewind.job.replay-topic-claimed');
  expect(refused.message).toContain(`rewind resume ${handle.workflowId}`);
  await harness.admin(async (admin) => {
    await admin.deleteTopics({ topics: [input.replayTopic] });
    await admin.deleteGroups([`rewind.${input.replayTopic}`]);
  });
  await harness.replay({ ...input, sort: 'whole' });
  expect(await timesIn(input.replayTopic)).toEqual(times);
});

test('a record that is too early, while nothing is out that comes behind it, lets the job go on as a whole by itself', async () => {
  const hours = await writeHours((last) => ({ ...last, time: BUCKET + 2 * HOUR - 1 }));
  const result = await harness.replay(hours.input);
  expect(result.remarks.join()).toMatch(/sorted as a whole: .*, record \d+.*, has a time before its window 3/);
  expect(await timesIn(hours.input.replayTopic)).toEqual(hours.times);
});
