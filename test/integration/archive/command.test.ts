// The command's archives, as a person runs them: plan, run, look, run again, finish.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ArchivePlan } from '../../../activities/archive/plan/archive-plan.ts';
import type { ArchiveProgress } from '../../../workflows/archive/archive-progress.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { runRewind } from '../cli/run-rewind.ts';

let base: ReplayHarness;
const folder = mkdtempSync(join(tmpdir(), 'rewind-archive-'));

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  await base.startWorker();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await base.close();
});

it('plans, archives, tells what was done, and has nothing to finish', async () => {
  const archive = new ArchiveHarness(base, 'command');
  const topic = archive.topic('command');
  await archive.createTopic(topic, 2);
  await archive.produce(
    topic,
    Array.from({ length: 40 }, (_, n) => ({
      partition: n % 2,
      value: JSON.stringify({ n }),
      timestamp: String(Date.UTC(2026, 10, 20, 10) + Math.floor(n / 20) * 3 * 3_600_000),
    })),
  );
  const job = join(folder, 'archive.json');
  writeFileSync(job, JSON.stringify(archive.job({ topics: { include: [topic] }, files: { timeZone: 'UTC' } })));
  const rewind = (...args: string[]) => runRewind(base, args);

  const plan = await rewind('archive', 'plan', job, '--json');
  expect(JSON.parse(plan.out)).toMatchObject({ ready: true, lag: { offsets: '40' }, topics: { taken: 1 } });
  const { partitions, rights } = JSON.parse(plan.out) as ArchivePlan;
  const folders = { first: 'hourly/2026/11/20/10', last: 'hourly/2026/11/20/13' };
  const seen = { earliest: '0', stable: '20', lag: '20', heldBack: '0', folders, files: 4 };
  expect(partitions).toMatchObject([0, 1].map((partition) => ({ topic, partition, ...seen })));
  for (const { lagBytes, lagHours } of partitions) {
    expect(Number(lagBytes)).toBeGreaterThan(20 * 8);
    expect(lagHours).toBeGreaterThan(24);
  }
  expect(rights.map(({ path, mayWrite }) => [path, mayWrite])).toEqual(
    [archive.dest, archive.exec, archive.history].map((path) => [path, true]),
  );
  for (const path of [archive.dest, archive.exec]) expect(await base.store.status(path)).toBeUndefined();
  const text = (await rewind('archive-plan', job)).out;
  expect(text).toContain('40 offsets to read');
  expect(text).toMatch(
    new RegExp(`${topic}-0 +new +0 +0 +20 +20 +20 +\\S+ \\S+ +[\\d.]+ +0 +4 +${folders.first} to ${folders.last}`),
  );

  const id = `archive-command-${base.id}`;
  const run = await rewind('archive', job, '--id', id, '--wait');
  expect(run).toMatchObject({ code: 0 });
  expect(run.out).toContain('40 records in');
  expect((await rewind('status', id)).out).toContain('40 records in');
  const status = JSON.parse((await rewind('status', id, '--json')).out) as { archive: ArchiveProgress };
  expect(status.archive.topicLags).toMatchObject([
    { topic, lag: '0', records: '40', completeTo: expect.stringMatching(/^20/) as string },
  ]);
  const watched = await rewind('status', id, '--watch');
  expect(watched).toMatchObject({ code: 0 });
  expect(watched.out.split('\n')[0]).toContain('40 records in');
  const listed = JSON.parse((await rewind('status', '--kind', 'archive', '--json')).out) as {
    workflows: { workflowId: string }[];
  };
  expect(listed.workflows.map(({ workflowId }) => workflowId)).toContain(id);

  expect((await rewind('archive', job, '--id', id, '--wait')).out).toContain('nothing new in 1 topic');
  expect((await rewind('archive', 'finish', job)).out).toContain('nothing was decided and unfinished');
  expect((await rewind('archive-finish', job)).out).toContain('nothing was decided and unfinished');
  const wrong = await rewind('status', `nothing-${base.id}`);
  expect(wrong.code).toBe(2);
});

it('ends with 1 as often as the result is shown of a run that left a topic out, and shows the plan that a job asks for', async () => {
  const archive = new ArchiveHarness(base, 'short');
  const topic = archive.topic('short');
  await archive.createTopic(topic, 1);
  await archive.produce(topic, [{ value: '{"n":0}' }, { value: '{"n":\n1}' }]);
  const job = archive.job({ topics: { include: [topic] }, files: { timeZone: 'UTC' } });
  const path = join(folder, 'short.json');
  const id = `archive-short-${base.id}`;
  writeFileSync(path, JSON.stringify({ ...job, plan: true }));
  const planned = await runRewind(base, ['archive', path, '--id', id, '--wait']);
  expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('2 offsets to read') as string });
  expect(await base.store.status(archive.exec)).toBeUndefined();

  writeFileSync(path, JSON.stringify(job));
  const ran = await runRewind(base, ['archive', path, '--id', id, '--wait']);
  for (const shown of [ran, await runRewind(base, ['result', id]), await runRewind(base, ['status', id, '--watch'])]) {
    expect(shown).toMatchObject({ code: 1, err: expect.stringContaining('1 topic was not archived') as string });
    expect(shown.out).toContain(`problem: ${topic}-0, offset 1`);
  }
  expect((await runRewind(base, ['status', id])).code).toBe(0);
});
