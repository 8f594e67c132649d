// A job of ranges is steered by the command as any other job, and started by a Schedule again and again: on real servers.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import type { RangesInput } from '../../../activities/ranges/job/ranges-input.ts';
import type { RangesProgress } from '../../../workflows/ranges/ranges-progress.ts';
import { numbered, RangesHarness } from '../../support/ranges-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { runRewind, type Ran } from '../cli/run-rewind.ts';

const MODULE = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const isHeld = ({ topic, first }) => {
  const held = OUT + '/held-' + topic;
  return existsSync(held) && first >= BigInt(readFileSync(held, 'utf8'));
};
export const range = {
  list: async (of, records, { signal, heartbeat }) => {
    for (; isHeld(of); await sleep(50)) {
      signal.throwIfAborted();
      heartbeat();
    }
    const { topic } = of;
    let count = 0;
    for await (const batch of records) {
      appendFileSync(OUT + '/' + topic, batch.map(({ decoded }) => decoded.n + '\\n').join(''));
      count += batch.length;
    }
    return count;
  },
};`;

let base: ReplayHarness;
let ranges: RangesHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  ranges = new RangesHarness(base);
  await base.startWorker({ REWIND_FUNCTIONS: ranges.module(MODULE) });
});
afterAll(async () => {
  ranges.close();
  await base.close();
});

const rewind = (...args: string[]): Promise<Ran> => runRewind(base, args);
/** Numbers that functions got of a topic, in order: each once, or it shows. */
const listed = (topic: string): number[] =>
  readFileSync(join(ranges.out, topic), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map(Number)
    .toSorted((a, b) => a - b);
/** Holds ranges that begin at this offset, or behind it, until they are let go. */
const hold = (topic: string, from: number): void => writeFileSync(join(ranges.out, `held-${topic}`), String(from));
const letGo = (topic: string): void => hold(topic, 1_000_000);
const upTo = (count: number): number[] => [...Array(count).keys()];
const soon = { timeout: 60_000, interval: 100 };

/** A topic, and the path of a job over it. */
async function jobOver(
  name: string,
  more: Partial<RangesInput>,
): Promise<{ topic: string; group: string; path: string }> {
  const topic = ranges.topics.topic(name);
  await ranges.topics.createTopic(topic);
  await ranges.topics.produce(topic, numbered(120));
  const group = `group-${topic}`;
  const inputs = [{ topic, group, function: 'list', decode: 'json' as const }];
  const path = join(ranges.out, `${name}.json`);
  writeFileSync(path, JSON.stringify(ranges.job({ inputs, ...more })));
  return { topic, group, path };
}

it('is paused with no range in hand, slowed down, let go on, and cancelled, by the command', async () => {
  const { topic, group, path } = await jobOver('steered', {
    rangeMiB: 0.0001,
    concurrency: 2,
    rate: { records: 3000 },
  });
  const id = `ranges-${topic}`;
  hold(topic, 20);
  expect(await rewind('ranges', path, '--id', id)).toMatchObject({ code: 0 });
  const handle = base.client.workflow.getHandle(id);
  const progress = () => handle.query<RangesProgress>('progress');
  await expect.poll(async () => (await progress()).ranges.done, soon).toBeGreaterThan(0);

  // It ends what it has in hand first.
  const pausing = rewind('pause', id, '--json');
  await expect.poll(async () => (await progress()).status, soon).toBe('pausing');
  letGo(topic);
  const paused = JSON.parse((await pausing).out) as { ranges: RangesProgress };
  expect(paused.ranges.status).toBe('paused');
  expect((await handle.describe()).raw.pendingActivities ?? []).toEqual([]);
  expect(paused.ranges.ranges.done).toBeLessThan(paused.ranges.ranges.total);
  expect(await ranges.offsets(group, topic)).toEqual({});
  expect((await rewind('status', id)).out).toContain('paused');

  expect(await rewind('rate', id, '--records', '2000')).toMatchObject({ code: 0 });
  expect((await progress()).rate).toMatchObject({ records: 2000 });
  // All but the next one: the others are still to do when the job is cancelled.
  hold(topic, Number(paused.ranges.records) + 1);
  const resumed = await rewind('resume', id);
  expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining('goes on') as string });
  const before = paused.ranges.ranges.done;
  await expect.poll(async () => (await progress()).ranges.done, soon).toBeGreaterThan(before);

  const cancelled = await rewind('cancel', id);
  letGo(topic);
  expect(cancelled.out).toContain('Started again, rewind ranges goes on with what is not done of its plan');
  expect(await ranges.offsets(group, topic)).toEqual({});
  // It is not taken up by a reset, as a replay is.
  expect(await rewind('resume', id)).toMatchObject({
    code: 2,
    err: expect.stringContaining('Started again, rewind ranges goes on') as string,
  });
  const job = JSON.parse(readFileSync(path, 'utf8')) as RangesInput;
  writeFileSync(path, JSON.stringify({ ...job, rate: {} }));
  const again = await rewind('ranges', path, '--id', id, '--wait', '--json');
  expect(again).toMatchObject({ code: 0 });
  expect((JSON.parse(again.out) as { wentOnWith: string }).wentOnWith).toContain(id);
  expect(listed(topic)).toEqual(upTo(120));
  expect(await ranges.offsets(group, topic)).toEqual({ 0: '120' });
});

it('is run by a Schedule: each firing reads what the one before has left', async () => {
  const { topic, group, path } = await jobOver('scheduled', {});
  const id = `ranges-${topic}`;
  expect(await rewind('schedule', path, '--id', id, '--every', '1d')).toMatchObject({ code: 0 });
  const schedule = base.client.schedule.getHandle(id);
  onTestFinished(() => schedule.delete().then(() => undefined));
  const done = async (): Promise<number> => (await schedule.describe()).info.recentActions.length;
  for (const count of [120, 123]) {
    if (count > 120) await ranges.topics.produce(topic, numbered(3, 1, 120));
    const before = await done();
    await schedule.trigger(ScheduleOverlapPolicy.SKIP);
    await expect.poll(done, soon).toBe(before + 1);
    await expect.poll(() => ranges.offsets(group, topic), soon).toEqual({ 0: String(count) });
    await expect.poll(async () => (await schedule.describe()).info.runningActions.length, soon).toBe(0);
    expect(listed(topic)).toEqual(upTo(count));
  }
});
