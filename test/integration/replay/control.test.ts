// People steer a replay while it runs: it pauses and goes on, keeps to a rate, and is cancelled and taken up again.
// Whatever they do, the replay topic holds every record once and in order.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { progressQuery } from '../../../workflows/replay/messages.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import type { ReplayProgress } from '../../../workflows/replay/progress.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { takeUpByReset } from '../../support/reset-workflow.ts';
import { stopAtStep } from '../../support/stop-at-step.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker({ REWIND_SLICE_MS: '2000', REWIND_HEARTBEAT_TIMEOUT_MS: '1000' });
const RECORDS = 3_000;

let made: TestArchive;
beforeEach(async () => {
  made = await writeTestArchive(shared.harness, { records: RECORDS });
});

async function until(handle: WorkflowHandle, reached: (progress: ReplayProgress) => boolean): Promise<ReplayProgress> {
  for (;;) {
    const progress = await handle.query(progressQuery);
    if (progress !== undefined && reached(progress)) return progress;
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') throw new Error(`the job ended before: ${status.name} ${JSON.stringify(progress)}`);
    await sleep(50);
  }
}

/** A job that publishes slowly enough to be met in the middle of it, on any machine. */
async function publishing(): Promise<WorkflowHandle> {
  const handle = await shared.harness.start({ ...made.job, rate: { records: 100 } });
  await until(handle, ({ records }) => Number(records.published) > 0);
  return handle;
}

async function openTransactions(topic: string): Promise<number> {
  const [log, stable] = await shared.harness.admin(async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return [offsets.map(({ offset }) => offset), offsets.map(({ high }) => high)];
  });
  return Number(log[0]) - Number(stable[0]);
}

async function ended(handle: WorkflowHandle): Promise<ReplayProgress> {
  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  const { status, memo } = await handle.describe();
  expect(status.name).toBe('CANCELLED');
  return memo?.['outcome'] as ReplayProgress;
}

describe('pause', () => {
  test('ends the slice in hand, holds no transaction while it lasts, and resume goes on', async () => {
    const { harness } = shared;
    const handle = await publishing();
    await handle.signal(pauseSignal);
    const paused = await until(handle, ({ status }) => status === 'paused');
    expect(paused.step).toBe('publish');
    expect(await openTransactions(made.replayTopic)).toBe(0);
    const out = (await harness.read(made.replayTopic)).length;
    expect(out).toBe(Number(paused.records.published));
    await sleep(1_500);
    expect((await harness.read(made.replayTopic)).length).toBe(out);
    expect((await handle.describe()).raw.pendingActivities ?? []).toEqual([]);
    await handle.signal(rateSignal, {});
    await handle.signal(resumeSignal);
    const result = (await handle.result()) as ReplayResult;
    expect(result.records.published).toBe(String(RECORDS));
    expect(result.partitions[0]?.aborted).toBe('0');
    await expectReplayed(harness, made.replayTopic, made.archive.truth());
  });

  test('before anything is read stops the job there', async () => {
    const { client, folder, id, taskQueue } = shared.harness;
    const handle = await client.workflow.signalWithStart('replay', {
      args: [{ staging: `${folder}/staging`, ...made.job }],
      taskQueue,
      workflowId: `paused-${id}`,
      signal: pauseSignal,
    });
    const paused = await until(handle, ({ status }) => status === 'paused');
    expect(Number(paused.records.published)).toBe(0);
    await handle.signal(resumeSignal);
    expect(((await handle.result()) as ReplayResult).records.published).toBe(String(RECORDS));
  });
});

describe('a rate', () => {
  test('holds at every moment, over all slices, and is lifted by a signal', async () => {
    const { harness } = shared;
    const rate = 400;
    const started = Date.now();
    const handle = await harness.start({ ...made.job, rate: { records: rate } });
    const first = await until(handle, ({ records }) => Number(records.published) > 2 * rate);
    expect(Number(first.records.published)).toBeLessThanOrEqual((rate * (Date.now() - started)) / 1000);
    expect(first.rate).toEqual({ records: rate });
    await handle.signal(rateSignal, { bytes: 100_000_000 });
    const result = (await handle.result()) as ReplayResult;
    expect(result.records.published).toBe(String(RECORDS));
    expect((await handle.query(progressQuery))?.rate).toEqual({ bytes: 100_000_000 });
    await expectReplayed(harness, made.replayTopic, made.archive.truth());
  });
});

describe('cancel', () => {
  test('commits what is in hand, says how far it got, and a reset goes on from there', async () => {
    const { harness } = shared;
    const handle = await publishing();
    await handle.cancel();
    const outcome = await ended(handle);
    const out = (await harness.read(made.replayTopic)).length;
    expect(outcome).toMatchObject({ status: 'cancelled', step: 'publish', topic: made.topic });
    expect(Number(outcome.records.published)).toBe(out);
    expect(out).toBeGreaterThan(0);
    expect(out).toBeLessThan(RECORDS);
    expect(await openTransactions(made.replayTopic)).toBe(0);
    expect(await handle.query(progressQuery)).toEqual(outcome);

    const again = await takeUpByReset(harness.client, handle);
    await again.signal(rateSignal, {});
    const result = (await again.result()) as ReplayResult;
    expect(result.records.published).toBe(String(RECORDS));
    await expectReplayed(harness, made.replayTopic, made.archive.truth());
  });

  test('while splits are decoded ends the job as cancelled, before anything is published', async () => {
    const { harness } = shared;
    const handle = await harness.start({ ...made.job, sort: 'whole' });
    await stopAtStep(shared.worker, handle, 'decodeAndSort');
    await handle.cancel();
    shared.worker.signal('SIGCONT');
    expect(await ended(handle)).toMatchObject({ status: 'cancelled', records: { published: '0' } });
  });

  test('a paused job is cancelled too', async () => {
    const handle = await publishing();
    await handle.signal(pauseSignal);
    await until(handle, ({ status }) => status === 'paused');
    await handle.cancel();
    expect(await ended(handle)).toMatchObject({ status: 'cancelled', step: 'publish' });
  });
});

describe('a job is taken up by its name', () => {
  test('after it was terminated, in another workflow, and publishes nothing twice', async () => {
    const { harness } = shared;
    const handle = await publishing();
    const job = (await handle.describe()).memo?.['job'] as string;
    const refused = await harness.failure({ ...made.job, takeUp: job });
    expect(refused).toMatchObject({ type: 'rewind.job.take-up-running' });
    await handle.terminate('a test');
    const other = await harness.failure({ ...made.job, takeUp: job, output: { ...made.job.output, encoding: 'json' } });
    expect(other.type).toBe('rewind.job.take-up-differs');
    expect(other.message).toContain('output.encoding was "avro-json" and is "json"');
    const result = await harness.replay({ ...made.job, takeUp: job });
    expect(result).toMatchObject({ job, records: { published: String(RECORDS) } });
    await expectReplayed(harness, made.replayTopic, made.archive.truth());
    expect(await harness.failure({ ...made.job, takeUp: job })).toMatchObject({ type: 'rewind.job.take-up-unknown' });
  });
});

describe('staging', () => {
  test('of a job that has ended is removed by a workflow; of one that runs it is not', async () => {
    const { harness } = shared;
    const { client, taskQueue } = harness;
    const handle = await publishing();
    const { job, staging, topic } = (await handle.describe()).memo as Record<string, string>;
    const input = { job, topic, staging: `${harness.folder}/staging` };
    const clean = (name: string): Promise<unknown> =>
      client.workflow.execute('cleanStaging', {
        args: [input],
        taskQueue,
        workflowId: `clean-${name}-${made.topic}`,
      });
    await expect(clean('running')).rejects.toMatchObject({
      cause: { cause: { type: 'rewind.job.staging-in-use' } },
    });
    expect(await harness.store.status(staging!)).toBeDefined();
    await handle.cancel();
    await ended(handle);
    expect(await clean('ended')).toEqual({ job, staging, removed: true, errorsRemoved: false });
    expect(await harness.store.status(staging!)).toBeUndefined();
    expect(await clean('again')).toMatchObject({ removed: false });
  });
});
