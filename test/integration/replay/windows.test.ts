// A job that is sorted window by window, on real servers and in real threads: exact, also when it is paused in the middle of
// a window, cancelled and taken up by another worker; nothing staged but counts; a plan and a progress that say so.
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import type { ReplayProgress } from '../../../workflows/replay/progress.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../../workflows/run/messages.ts';
import { checkExactReplay } from '../../support/exact-replay.ts';
import { JobWatch } from '../../support/job-watch.ts';
import { writeLateArchive } from '../../support/late-archive.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeCamusFile, writeTestArchive, uniqueTopic, type TestArchive } from '../../support/test-archive.ts';

describe('a replay window by window', () => {
  let harness: ReplayHarness;
  let files: TestArchive;

  beforeAll(async () => {
    harness = await ReplayHarness.open(inject('stack'));
    files = await writeTestArchive(harness, { records: 6_000, hours: 5, executions: 2 });
    await harness.createSource(files.topic, files.archive.offsets());
    await harness.startWorker({ REWIND_SPLIT_MIB: '0.02', REWIND_SLICE_MS: '1000' });
  });
  afterAll(() => harness?.close());

  const inputOf = (name: string): ReplayInput => ({
    ...files.job,
    sort: 'windows',
    replayTopic: `${files.topic}_${name}`,
    offsets: { group: `${harness.id}-${name}`, kafka: true },
  });

  test('is exact, and stages counts alone', async () => {
    const input = inputOf('plain');
    const result = await harness.replay(input);
    expect((await checkExactReplay(harness, files, input, result)).faults).toEqual([]);
    expect(result.steps).not.toHaveProperty('decode');
    expect(result.steps).not.toHaveProperty('catalogue');
    expect(result.firstTime).toBeDefined();
  });

  test('goes on in the middle of a window after a pause, a cancellation and a take-up', async () => {
    const input = { ...inputOf('paused'), rate: { records: 800 } };
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, input.replayTopic as string, 6_000);
    onTestFinished(() => watch.close());
    expect(await watch.reach({ step: 'mergePublish', share: 0.2 })).toBe(true);
    await handle.signal(pauseSignal);
    await expect.poll(async () => (await watch.progress())?.status, { timeout: 60_000 }).toBe('paused');
    const paused = (await watch.progress()) as ReplayProgress;
    expect(paused.windows?.of).toBeGreaterThan(1);
    expect(paused.windows?.at).toBeLessThanOrEqual(paused.windows?.of ?? 0);
    await handle.signal(rateSignal, { records: 801 });
    await handle.signal(resumeSignal);
    expect(await watch.reach({ step: 'mergePublish', share: 0.5 })).toBe(true);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    const { memo } = await handle.describe();
    const result = await harness.replay({ ...input, rate: {}, takeUp: String(memo?.['job']) });
    expect((await checkExactReplay(harness, files, input, result)).faults).toEqual([]);
  });

  test('is planned, with its windows and no staging', async () => {
    const plan = (await harness.replay({ ...inputOf('planned'), plan: true })) as unknown as ReplayPlan;
    expect(plan.problems).toEqual([]);
    expect(plan.sorting).toMatchObject({ by: 'windows' });
    expect(plan.sorting?.windows).toBeGreaterThan(1);
    expect(plan.sorting?.direct).toBe(plan.sorting?.windows);
    expect(plan.staging?.bytes).toBe('0');
  });

  test('ends for a record outside of its window, with what came before it published', async () => {
    const [topic, dest] = [uniqueTopic(), `${harness.folder}/outside`];
    const schema = { type: 'record', name: 'Event', fields: [{ name: 'time', type: 'long' }] };
    const hour = 3_600_000;
    const bucket = Date.UTC(2014, 10, 2, 12);
    const write = (nth: number, times: number[]): Promise<string> =>
      writeCamusFile(harness, {
        dest,
        topic,
        schema,
        bucket: bucket + nth * hour,
        nextOffset: (nth + 1) * 10_000,
        records: times.map((time) => ({ time: bucket + nth * hour + time })),
      });
    const times = Array.from({ length: 4_000 }, (_, n) => n * 500);
    await write(0, times);
    await write(1, times);
    // What a sample sees of it is right: the last record of a thousand files may not be.
    const strayed = await write(2, [...times, -2 * hour]);
    const job: ReplayInput = { topic, archive: { dest, readAllFiles: true, strayTimes: 'report' }, sort: 'windows' };
    const { type, message } = await harness.failure(job);
    expect(['rewind.job.outside-window', 'rewind.job.windows-unusable']).toContain(type);
    expect(message).toContain(strayed);
    const whole = await harness.replay({ ...job, sort: 'whole', replayTopic: `${topic}_WHOLE` });
    expect(whole.records.published).toBe('12001');
  });

  test('ends for a record that is too late, and goes on as a whole in the same topic when it is taken up so', async () => {
    const { topic, dest, times } = await writeLateArchive(harness);
    const archive = { dest, readAllFiles: true, strayTimes: 'report' } as const;
    const input = { topic, archive, output: { encoding: 'json' } } as const;
    const handle = await harness.start({ ...input, sort: 'windows' });
    expect((await harness.failureOf(handle)).type).toBe('rewind.job.outside-window');
    const out = await harness.read(`${topic}_REPLAY`);
    expect(out.length).toBeGreaterThan(0);
    expect(out.length).toBeLessThan(times.length);
    const { memo } = await handle.describe();
    const result = await harness.replay({ ...input, sort: 'auto', takeUp: String(memo?.['job']) });
    expect(result.remarks.join()).toMatch(/sorted as a whole: .*, record \d+.*, has a time behind its window 2/);
    expect(result.steps).toHaveProperty('decode');
    expect(result.records).toMatchObject({ read: 24_001, published: '24001' });
    const records = await harness.read(`${topic}_REPLAY`);
    const published = records.map(({ value }) => (JSON.parse(String(value)) as { time: number }).time);
    expect(published).toEqual(times.toSorted((a, b) => a - b));
  });
});
