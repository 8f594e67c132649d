// A Schedule of an archive: firings that overlap are skipped, a worker that was away comes back to the one that waits,
// and the next run makes up for one that failed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { runRewind } from '../cli/run-rewind.ts';

let base: ReplayHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
});
afterAll(() => base.close());

it('archives every record once, whatever becomes of its runs', async () => {
  const archive = new ArchiveHarness(base, 'scheduled');
  const topic = archive.topic('scheduled');
  await archive.createTopic(topic, 1);
  await archive.produce(
    topic,
    [0, 1, 2].map((n) => ({ value: JSON.stringify({ n }) })),
  );
  const folder = mkdtempSync(join(tmpdir(), 'rewind-schedule-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'archive.json');
  writeFileSync(path, JSON.stringify(archive.job({ topics: { include: [topic] } })));
  const id = `archive-${base.id}`;
  expect(await runRewind(base, ['schedule', path, '--id', id, '--every', '1d'])).toMatchObject({ code: 0 });
  const schedule = base.client.schedule.getHandle(id);
  onTestFinished(() => schedule.delete().then(() => undefined));
  // As a firing of its time would: without a word a trigger overlaps.
  const trigger = () => schedule.trigger(ScheduleOverlapPolicy.SKIP);
  const info = async () => (await schedule.describe()).info;
  const running = async (): Promise<string[]> =>
    (await info()).runningActions.map(({ workflow }) => workflow.workflowId);
  const soon = { timeout: 120_000, interval: 200 };

  // No worker is there: the first firing waits, the next are skipped.
  await trigger();
  await expect.poll(async () => (await running()).length, soon).toBe(1);
  for (const skipped of [1, 2]) {
    await trigger();
    await expect.poll(async () => (await info()).numActionsSkippedOverlap, soon).toBe(skipped);
  }
  // It fails, and another one waits.
  const [failed] = await running();
  await base.client.workflow.getHandle(failed!).terminate('as a run that fails');
  await expect.poll(running, soon).toEqual([]);
  await archive.produce(topic, [{ value: JSON.stringify({ n: 3 }) }]);
  await trigger();
  await expect.poll(async () => (await running()).length, soon).toBe(1);
  const [waiting] = await running();
  await base.startWorker();
  const handle = base.client.workflow.getHandle(waiting!);
  expect(await handle.result()).toMatchObject({ records: '4', problems: [] });
  expect((await handle.describe()).type).toBe('archive');

  await archive.produce(topic, [{ value: JSON.stringify({ n: 4 }) }]);
  await expect.poll(running, soon).toEqual([]);
  await trigger();
  const numbers = async (): Promise<number[]> =>
    ((await archive.lines(topic)).get(0) ?? []).map((line) => (JSON.parse(line) as { n: number }).n);
  await expect.poll(numbers, soon).toEqual([0, 1, 2, 3, 4]);
  await expect.poll(running, soon).toEqual([]);
});
