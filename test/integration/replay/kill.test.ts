// Workers that die, stop and come back, against real servers. Killed at random moments of every step, with another
// started each time, they leave a replay that is exact: every record once, in the total order, with the right bytes,
// Camus's offsets in ZooKeeper and Kafka, staging gone. A worker that was stopped in mid transaction and wakes after
// another has taken over writes nothing more and ends its attempt. One that is asked to stop hands over at once.
// REWIND_SEED repeats a run's moments.
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFailed, onTestFinished, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { Draws, seedOf } from '../../support/camus-archive/draws.ts';
import { checkExactReplay, leftInStaging } from '../../support/exact-replay.ts';
import { JobWatch } from '../../support/job-watch.ts';
import { killMoments } from '../../support/kill-moments.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

const SEED = process.env['REWIND_SEED'] ?? String(Math.floor(Math.random() * 1e6));
// Heartbeats go out every two seconds: a machine that gives the worker no turn for a second must not end its attempts.
const HEARTBEAT_TIMEOUT_MS = 5_000;

/** Characters of a worker's output that a failed test prints. */
const TOLD_OF_WORKER = 4_000;
/** Steps that a job sorted window by window does not have: publishing does it all. */
const NOT_BY_WINDOWS: ReadonlySet<string> = new Set(['decodeAndSort', 'catalogueSorted', 'mergePass']);

interface Job {
  input: ReplayInput;
  handle: WorkflowHandle;
  watch: JobWatch;
}

describe(`a worker that ends in mid job (REWIND_SEED=${SEED})`, () => {
  let harness: ReplayHarness;
  let files: TestArchive;
  let workers: WorkerProcess[] = [];

  beforeAll(async () => {
    harness = await ReplayHarness.open(inject('stack'));
    files = await writeTestArchive(harness, { records: 60_000, executions: 2 });
    await harness.createSource(files.topic, files.archive.offsets());
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    workers = [];
  });

  afterAll(() => harness?.close());

  const startWorker = async (environment: Record<string, string> = {}): Promise<WorkerProcess> => {
    const worker = await harness.startWorker({
      REWIND_HEARTBEAT_TIMEOUT_MS: String(HEARTBEAT_TIMEOUT_MS),
      REWIND_SLICE_MS: '3000',
      REWIND_SPLIT_MIB: '0.5',
      REWIND_MERGE_FAN_IN: '2',
      ...environment,
    });
    workers.push(worker);
    // What the server sees of a job that stands still is not why its worker does nothing.
    onTestFailed(() => console.error(`worker ${worker.pid}: ${worker.output.slice(-TOLD_OF_WORKER)}`));
    return worker;
  };

  const start = async (name: string, sort: 'whole' | 'windows' = 'whole'): Promise<Job> => {
    const replayTopic = `${files.topic}_${name}`;
    const input = { ...files.job, sort, replayTopic, offsets: { group: `${harness.id}-${name}`, kafka: true } };
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, replayTopic, files.archive.truth().total);
    onTestFinished(() => watch.close());
    return { input, handle, watch };
  };

  const expectExact = async ({ input, handle }: Job): Promise<ReplayResult> => {
    const result = (await handle.result()) as ReplayResult;
    expect((await checkExactReplay(harness, files, input, result)).faults).toEqual([]);
    return result;
  };

  test.each(['whole', 'windows'] as const)(
    'by SIGKILL, again and again in every step of one sorted by %s, leaves an exact replay',
    async (sort) => {
      const draws = new Draws(seedOf(SEED));
      let worker = await startWorker({ REWIND_SLICE_MS: '200' });
      const job = await start(`killed-${sort}`, sort);
      const struck = killMoments(draws, 8).filter(({ step }) => sort === 'whole' || !NOT_BY_WINDOWS.has(step));
      let kills = 0;
      for (const moment of struck) {
        // A moment may pass while nobody looks, on a machine that is slow; most of them don't.
        if (!(await job.watch.reach(moment))) continue;
        await worker.end('SIGKILL');
        kills += 1;
        worker = await startWorker({ REWIND_SLICE_MS: '200' });
      }
      expect(kills).toBeGreaterThanOrEqual(struck.length / 2);
      await expectExact(job);
    },
  );

  test('by SIGSTOP in mid transaction writes nothing more when it wakes, and ends its attempt', async () => {
    const patient = { REWIND_HEARTBEAT_TIMEOUT_MS: '6000' };
    const stopped = await startWorker(patient);
    const job = await start('stopped');
    expect(await job.watch.stopInTransaction(stopped)).toBe(true);
    const before = await job.watch.logEnd();
    const next = await startWorker(patient);
    // The first thing that another worker appends is the marker that aborts the open transaction, the next are records.
    while ((await job.watch.logEnd()) <= before + 1n) await sleep(5);
    next.signal('SIGSTOP');
    await sleep(500);
    const end = await job.watch.logEnd();
    stopped.signal('SIGCONT');
    // Shorter than the time after which the server would give the step to the one that is awake.
    await sleep(2_000);
    expect(await job.watch.logEnd()).toBe(end);
    next.signal('SIGCONT');
    const result = await expectExact(job);
    expect(Number(result.partitions[0]?.aborted)).toBeGreaterThan(0);
    await expectToEnd(stopped);
  });

  test('by SIGSTOP until the job has succeeded writes nothing when it wakes', async () => {
    const stopped = await startWorker();
    const job = await start('late');
    expect(await job.watch.stopInTransaction(stopped)).toBe(true);
    await startWorker();
    const result = await expectExact(job);
    const end = await job.watch.logEnd();
    stopped.signal('SIGCONT');
    await sleep(HEARTBEAT_TIMEOUT_MS);
    await expectToEnd(stopped);
    expect(await job.watch.logEnd()).toBe(end);
    expect(await leftInStaging(harness, files.topic, result)).toEqual([]);
  });

  test('by SIGSTOP in mid decode until the job has succeeded leaves no file when it wakes', async () => {
    const stopped = await startWorker();
    const job = await start('asleep');
    expect(await job.watch.reach({ step: 'decodeAndSort', share: 0.01 })).toBe(true);
    stopped.signal('SIGSTOP');
    await startWorker();
    const result = await expectExact(job);
    stopped.signal('SIGCONT');
    await sleep(HEARTBEAT_TIMEOUT_MS);
    await expectToEnd(stopped);
    expect(await leftInStaging(harness, files.topic, result)).toEqual([]);
  });

  test('by SIGTERM in mid publish commits what is in hand and hands over at once', async () => {
    const patient = { REWIND_HEARTBEAT_TIMEOUT_MS: '60000' };
    const worker = await startWorker(patient);
    const job = await start('gentle');
    expect(await job.watch.stopInTransaction(worker)).toBe(true);
    await startWorker(patient);
    await worker.end('SIGTERM');
    const result = await expectExact(job);
    expect(result.partitions[0]?.aborted).toBe('0');
    // No attempt was missed first.
    const { events } = await job.handle.fetchHistory();
    const failures = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes?.lastFailure ?? []);
    expect(failures.filter(({ timeoutFailureInfo }) => timeoutFailureInfo)).toEqual([]);
  });
});

/** A worker that has nothing in hand any more ends long before attempts are cut off (30 s). */
async function expectToEnd(worker: WorkerProcess): Promise<void> {
  const asked = Date.now();
  await worker.end('SIGTERM');
  expect(Date.now() - asked).toBeLessThan(15_000);
}
