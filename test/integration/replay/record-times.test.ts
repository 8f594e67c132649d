// Record times are compared with what names and folders say, from the first look at a file to the last record: what
// would make a replay wrong ends it before it publishes, and is let through where the job says that it is right.
import { expect, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import { refusalOf } from '../../support/refusal.ts';
import { uniqueTopic, writeCamusFile } from '../../support/test-archive.ts';
import { timesContainer } from '../../support/times-container.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 22, 2);
const EARLY = ['validateJob', 'readOffsets', 'listFiles'];
const event = (type: unknown): object => ({ type: 'record', name: 'Event', fields: [{ name: 'time', type }] });

async function planOf(job: ReplayInput): Promise<ReplayPlan> {
  const { client, taskQueue } = shared.harness;
  const workflowId = `plan-${job.topic}-${Math.random()}`;
  const handle = await client.workflow.start('replay', { args: [{ ...job, plan: true }], taskQueue, workflowId });
  return (await handle.result()) as ReplayPlan;
}

/** Hour folders in UTC with a record in the middle of each hour; a job for six of them. */
async function hoursInUtc(): Promise<ReplayInput & { archive: { input: string } }> {
  const { harness } = shared;
  const topic = uniqueTopic();
  const folder = `${harness.folder}/${topic}`;
  for (let hour = 0; hour < 16; hour += 1) {
    const at = START + hour * HOUR;
    const dated = new Date(at).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const bytes = timesContainer(JSON.stringify(event('long')), [at + HOUR / 2]);
    await harness.store.write(`${folder}/${dated}/part-0.avro`, [bytes]);
  }
  const range = { from: '2026-11-22T12:00:00Z', to: '2026-11-22T18:00:00Z' };
  return { topic, archive: { input: `${folder}/2026/*/*/*` }, ...range };
}

test('hour folders that are read in the wrong zone end the job, and its plan, with the zone that fits', async () => {
  const job = await hoursInUtc();
  const { type, message, steps } = await refusalOf(shared.harness, job);
  expect(type).toBe('rewind.job.times-astray');
  expect(message).toContain('They would fit folders in UTC: set archive.timeZone (it is America/Los_Angeles).');
  expect(steps.filter((step) => !EARLY.includes(step))).toEqual([]);
  const plan = await planOf(job);
  expect(plan.problems).toMatchObject([{ type: 'rewind.job.times-astray', step: 'decode' }]);
  expect(plan.remarks.join()).toContain('no record of the sample is in the time range');
});

test('in the right zone, or with all files read, the same job replays its six hours without a word', async () => {
  const { harness } = shared;
  const job = await hoursInUtc();
  const archives = [
    { ...job.archive, timeZone: 'UTC' },
    { ...job.archive, readAllFiles: true },
    { ...job.archive, strayTimes: 'ignore' as const },
  ];
  for (const [at, archive] of archives.entries()) {
    const result = await harness.replay({ ...job, archive, replayTopic: `${job.topic}_${at}` });
    expect([result.records.published, result.remarks]).toEqual(['6', []]);
  }
});

test('a job that publishes nothing says why', async () => {
  const job = await hoursInUtc();
  const archive = { ...job.archive, strayTimes: 'report' as const };
  const { records, remarks } = await shared.harness.replay({ ...job, archive });
  expect(records).toMatchObject({ published: '0', outOfRange: 10 });
  expect(remarks).toHaveLength(2);
  expect(remarks[0]).toContain('10 of 10 records have times that are not those of their files');
  expect(remarks[1]).toBe(
    'nothing was published: of 10 records 10 are outside of the time range (from 2026-11-22T12:00:00Z, before 2026-11-22T18:00:00Z); their times are between 2026-11-22T02:30:00Z and 2026-11-22T11:30:00Z',
  );
});

const BUCKET = Date.UTC(2014, 10, 2, 8);

/** Files of Camus of which one, that no sample meets, holds seconds. */
async function oneFileInSeconds(): Promise<ReplayInput & { archive: { dest: string } }> {
  const { harness } = shared;
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  for (let partition = 0; partition < 40; partition += 1) {
    const time = partition === 1 ? BUCKET / 1000 : BUCKET + partition;
    await writeCamusFile(harness, { dest, topic, partition, schema: event('long'), records: [{ time }] });
  }
  return { topic, archive: { dest } };
}

test('a file in another unit that the sample does not meet ends the job before it publishes; it is taken up as the job says', async () => {
  const { harness } = shared;
  const job = await oneFileInSeconds();
  expect((await planOf(job)).ready).toBe(true);
  const handle = await harness.start(job);
  await expect(handle.result()).rejects.toMatchObject({
    cause: {
      cause: {
        type: 'rewind.job.times-astray',
        message: expect.stringMatching(
          /^1 of 40 records .* by more than a year; nothing was published\. The first: .*\.1\.1\.1\.1\.1414915200000\.avro, record 0: 1414915200 millis is 1970-01-17.* no unit is right for all/,
        ) as string,
      },
    },
  });
  expect(await harness.read(`${job.topic}_REPLAY`)).toEqual([]);
  const { memo } = await handle.describe();
  const archive = { ...job.archive, strayTimes: 'report' as const };
  const result = await harness.replay({ ...job, archive, takeUp: String(memo?.['job']) });
  expect(result.records.published).toBe('40');
  expect(result.remarks.join()).toContain('1 of 40 records have times that are not those of their files');
});

test('an output schema of another unit is refused before anything is decoded', async () => {
  const { harness } = shared;
  const topic = uniqueTopic();
  const dest = `${harness.folder}/${topic}`;
  const stamp = (unit: string): object => event({ type: 'long', logicalType: `timestamp-${unit}` });
  await writeCamusFile(harness, { dest, topic, schema: stamp('micros'), records: [{ time: BUCKET * 1000 }] });
  const schema = `${dest}.avsc`;
  await harness.store.write(schema, [Buffer.from(JSON.stringify(stamp('millis')))]);
  const job = { topic, archive: { dest }, output: { schema } };
  const { type, message, steps } = await refusalOf(harness, job);
  expect(type).toBe('rewind.format.schema');
  expect(message).toContain('field time would be re-labelled by the output schema');
  expect(message).toContain('expected timestamp-millis, found timestamp-micros');
  expect(steps.filter((step) => !EARLY.includes(step))).toEqual([]);
  const result = await harness.replay({ ...job, output: { schema, relabel: true } });
  expect(result.remarks.join()).toContain('as output.relabel says');
});
