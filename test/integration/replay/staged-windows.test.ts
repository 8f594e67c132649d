// A window that does not fit into the memory of its worker, on real servers: it goes through staging by itself, plan, progress and
// result say so, and what is published is exact, also when the worker dies in the middle of it.
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import type { ReplayProgress } from '../../../workflows/replay/progress.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { JobWatch } from '../../support/job-watch.ts';
import { SMALL_MEMORY, writeLargeHour, type LargeHour } from '../../support/large-hour.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

describe('a replay with a window that does not fit into memory', () => {
  let harness: ReplayHarness;
  let files: LargeHour;
  let worker: WorkerProcess;

  const startWorker = (): Promise<WorkerProcess> =>
    harness.startWorker({ ...SMALL_MEMORY, REWIND_SLICE_MS: '1000', REWIND_HEARTBEAT_TIMEOUT_MS: '5000' });

  beforeAll(async () => {
    harness = await ReplayHarness.open(inject('stack'));
    files = await writeLargeHour(harness);
    worker = await startWorker();
  });
  afterAll(() => harness?.close());

  const inputOf = (name: string): ReplayInput => ({
    topic: files.topic,
    archive: { dest: files.dest },
    sort: 'auto',
    output: { encoding: 'json' },
    replayTopic: `${files.topic}_${name}`,
  });

  async function publishedTimes(topic: string): Promise<number[]> {
    return (await harness.read(topic)).map(({ value }) => (JSON.parse(String(value)) as { time: number }).time);
  }

  test('stages that one alone, and says so in plan and result', async () => {
    const input = inputOf('plain');
    const plan = (await harness.replay({ ...input, plan: true })) as unknown as ReplayPlan;
    expect(plan.problems).toEqual([]);
    expect(plan.sorting).toMatchObject({ by: 'windows', windows: 3, direct: 2 });
    expect(Number(plan.staging?.bytes)).toBeGreaterThan(0);
    expect(Number(plan.staging?.bytes)).toBeLessThan(Number(plan.staging?.atMost));
    const result = await harness.replay(input);
    expect(result.sorting).toEqual({ by: 'windows', windows: 3, staged: 1 });
    expect(result.steps).not.toHaveProperty('decode');
    expect(result.records).toMatchObject({ read: files.times.length, published: String(files.times.length) });
    expect(await publishedTimes(`${files.topic}_plain`)).toEqual(files.times.toSorted((a, b) => a - b));
  });

  test('is exact where it is paused in that window, and its worker dies there', async () => {
    const input = { ...inputOf('killed'), rate: { records: 1_500 } };
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, input.replayTopic as string, files.times.length);
    onTestFinished(() => watch.close());
    expect(await watch.reach({ step: 'mergePublish', share: 0.3 })).toBe(true);
    await handle.signal(pauseSignal);
    await expect.poll(async () => (await watch.progress())?.status, { timeout: 30_000 }).toBe('paused');
    const { windows } = (await watch.progress()) as ReplayProgress;
    expect(windows).toMatchObject({ at: 2, of: 3, direct: 2 });
    expect(windows?.staging?.sorted).toBe(windows?.staging?.of);
    await handle.signal(resumeSignal);
    expect(await watch.reach({ step: 'mergePublish', share: 0.5 })).toBe(true);
    await worker.end('SIGKILL');
    worker = await startWorker();
    await handle.signal(rateSignal, { records: 100_000 });
    await handle.result();
    expect(await publishedTimes(`${files.topic}_killed`)).toEqual(files.times.toSorted((a, b) => a - b));
  });
});
