// The example that joins two topics, as it stands in examples/, and the command that runs it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ListedRange } from '../../../activities/ranges/plan/ranges-outlook.ts';
import { RangesHarness } from '../../support/ranges-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { runRewind } from '../cli/run-rewind.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/join-topics.mjs', import.meta.url));

let base: ReplayHarness;
let ranges: RangesHarness;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  ranges = new RangesHarness(base);
  await base.startWorker({ REWIND_FUNCTIONS: EXAMPLE, JOIN_FOLDER: ranges.out });
});
afterAll(async () => {
  ranges.close();
  await base.close();
});

it('joins two topics in finish, by the command, and moves the offsets of both', async () => {
  const [customers, orders] = [ranges.topics.topic('customers'), ranges.topics.topic('orders')];
  for (const topic of [customers, orders]) await ranges.topics.createTopic(topic, 2);
  await ranges.topics.produce(
    customers,
    Array.from({ length: 10 }, (_, n) => ({
      partition: n % 2,
      key: `c${n}`,
      value: JSON.stringify({ name: `n${n}` }),
    })),
  );
  await ranges.topics.produce(
    orders,
    Array.from({ length: 110 }, (_, n) => ({
      partition: n % 2,
      key: `c${n % 11}`,
      value: JSON.stringify({ order: n }),
    })),
  );
  const side = { group: `join-${base.id}`, function: 'byKey', decode: 'json' as const };
  const job = join(ranges.out, 'join.json');
  const input = {
    inputs: [
      { ...side, topic: customers },
      { ...side, topic: orders },
    ],
    rangeMiB: 0.001,
    finish: 'joinSides',
  };
  writeFileSync(job, JSON.stringify(ranges.job(input)));
  const rewind = (...args: string[]) => runRewind(base, args);

  const plan = JSON.parse((await rewind('ranges', 'plan', job, '--json')).out) as {
    ready: boolean;
    ranges: ListedRange[];
  };
  expect(plan.ready).toBe(true);
  expect(new Set(plan.ranges.map(({ id }) => id)).size).toBe(plan.ranges.length);
  expect(plan.ranges.reduce((sum, { from, to }) => sum + Number(to) - Number(from), 0)).toBe(120);

  const id = `ranges-join-${base.id}`;
  const run = await rewind('ranges', job, '--id', id, '--wait', '--json');
  expect(run).toMatchObject({ code: 0 });
  const result = JSON.parse(run.out) as { ranges: number; finished: { file: string } };
  expect(result).toMatchObject({
    records: '120',
    ranges: plan.ranges.length,
    finished: { joined: 100, unmatched: 10 },
  });
  const lines = readFileSync(join(ranges.out, result.finished.file), 'utf8').split('\n').slice(0, -1);
  const joined = lines.map((line) => JSON.parse(line) as { name: string; order: number });
  expect(joined.every(({ name, order }) => name === `n${order % 11}`)).toBe(true);
  expect(joined.map(({ order }) => order).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 110 }, (_, n) => n).filter((n) => n % 11 < 10),
  );
  expect(await ranges.offsets(side.group, orders)).toEqual({ 0: '55', 1: '55' });
  expect(await ranges.offsets(side.group, customers)).toEqual({ 0: '5', 1: '5' });
  expect((await rewind('status', id)).out).toContain('120 records');
  // Nothing is left; from the earliest on there is all of it.
  expect(JSON.parse((await rewind('ranges', 'plan', job, '--json')).out)).toMatchObject({ ranges: [] });
  const all = JSON.parse((await rewind('ranges', 'plan', job, '--all', '--json')).out) as { ranges: ListedRange[] };
  expect(all.ranges.map(({ id: one }) => one)).toEqual(plan.ranges.map(({ id: one }) => one));
  expect((await rewind('ranges', job, '--id', id, '--wait')).out).toContain('nothing new in 2 topics');
});
