// A replay that is fired by a Schedule or by cron: each firing is a job of its own, whose times and whose topic are told
// from the time at which it was to start; two on one replay topic don't mix.
import { execFile } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { WorkflowFailedError } from '@temporalio/client';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterEach, expect, inject, onTestFinished, test } from 'vitest';
import { attachStack } from '../../../scripts/stack/development-stack.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const run = promisify(execFile);
const EVERY_SECONDS = 6;

/** Workflows that were started below a prefix, oldest first, once there are so many that have ended. */
async function endedWorkflows(prefix: string, count: number): Promise<{ workflowId: string; runId: string }[]> {
  for (;;) {
    const found: { workflowId: string; runId: string; at: number }[] = [];
    for await (const { workflowId, runId, status, startTime } of shared.harness.client.workflow.list({
      query: `WorkflowId STARTS_WITH "${prefix}"`,
    }))
      if (status.name !== 'RUNNING') found.push({ workflowId, runId, at: startTime.getTime() });
    if (found.length >= count) return found.sort((a, b) => a.at - b.at);
    await sleep(300);
  }
}

let schedule: string | undefined;
afterEach(async () => {
  if (schedule !== undefined) await shared.harness.client.schedule.getHandle(schedule).delete();
  schedule = undefined;
});

test('by temporal schedule create: each firing has its own times and its own topic', async () => {
  const { harness } = shared;
  const { job, topic, archive } = await writeTestArchive(harness);
  const folder = await mkdtemp(join(tmpdir(), 'rewind-schedule-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = {
    ...job,
    staging: `${harness.folder}/staging`,
    from: '-40y/y',
    to: '+1d/d',
    replayTopic: `${topic}_{yyyyMMdd-HHmmss}_{from:yyyy}`,
  };
  await writeFile(join(folder, 'job.json'), JSON.stringify(input));
  schedule = `nightly-${topic}`;
  const command = ['schedule', 'create', '--schedule-id', schedule, '--interval', `${EVERY_SECONDS}s`];
  const action = ['--type', 'replay', '--task-queue', harness.taskQueue, '--workflow-id', schedule];
  await run(attachStack(inject('stackName')).temporalCommand, [
    ...command,
    ...['--overlap-policy', 'AllowAll', '--remaining-actions', '2'],
    ...action,
    ...['--input-file', join(folder, 'job.json'), '--address', harness.stack.temporal],
  ]);
  const firings = await endedWorkflows(schedule, 2);
  expect(firings).toHaveLength(2);
  for (const { workflowId } of firings) {
    const result = (await harness.client.workflow.getHandle(workflowId).result()) as ReplayResult;
    // A Schedule puts the time of the firing into the workflow's id.
    const at = new Date(workflowId.slice(schedule.length + 1));
    const [date, time] = at.toISOString().slice(0, 19).split('T');
    const name = `${topic}_${date!.replaceAll('-', '')}-${time!.replaceAll(':', '')}_${at.getUTCFullYear() - 40}`;
    expect(result.replayTopic).toBe(name);
    expect(result.job.startsWith(`${workflowId}/`)).toBe(true);
    await expectReplayed(harness, name, archive.truth());
  }
});

test('by a cron workflow: each firing is a job of its own', async () => {
  const { harness } = shared;
  const { job, topic, archive } = await writeTestArchive(harness);
  const workflowId = `cron-${topic}`;
  const args = [{ ...job, staging: `${harness.folder}/staging`, replayTopic: `${topic}_{yyyyMMddHHmmss}` }];
  const handle = await harness.client.workflow.start('replay', {
    args,
    taskQueue: harness.taskQueue,
    workflowId,
    cronSchedule: `@every ${EVERY_SECONDS}s`,
  });
  const firings = await endedWorkflows(workflowId, 2);
  await handle.terminate('two firings are enough');
  const results = await Promise.all(
    firings.slice(0, 2).map(async ({ runId }) => {
      const firing = harness.client.workflow.getHandle(workflowId, runId, { followRuns: false });
      const { events } = await firing.fetchHistory();
      const started = events?.[0]?.workflowExecutionStartedEventAttributes;
      const begun = Number(events?.[0]?.eventTime?.seconds) + Number(started?.firstWorkflowTaskBackoff?.seconds ?? 0);
      const payload = events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]?.data;
      return { begun, runId, result: JSON.parse(Buffer.from(payload ?? []).toString()) as ReplayResult };
    }),
  );
  for (const { begun, runId, result } of results) {
    expect(result.job).toBe(`${workflowId}/${runId}`);
    const named = result.replayTopic
      ?.match(/_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/)
      ?.slice(1)
      .map(Number);
    const [year = 0, month = 0, day, hour, minute, second] = named ?? [];
    // Both are whole seconds here.
    expect(Math.abs(Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - begun)).toBeLessThanOrEqual(1);
    await expectReplayed(harness, result.replayTopic ?? '', archive.truth());
  }
  expect(new Set(results.map(({ result }) => result.replayTopic)).size).toBe(2);
});

test('firings that overlap on one replay topic: the second is refused, and names the first', async () => {
  const { harness } = shared;
  const { job, topic, replayTopic, archive } = await writeTestArchive(harness);
  schedule = `overlap-${topic}`;
  const handle = await harness.client.schedule.create({
    scheduleId: schedule,
    spec: {},
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL },
    action: {
      type: 'startWorkflow',
      workflowType: 'replay',
      workflowId: schedule,
      taskQueue: harness.taskQueue,
      args: [{ ...job, staging: `${harness.folder}/staging`, replayTopic, rate: { records: 500 } }],
    },
  });
  await handle.trigger();
  for (let running = false; !running; await sleep(100))
    for await (const { workflowId } of harness.client.workflow.list({ query: `WorkflowId STARTS_WITH "${schedule}"` }))
      running = (await harness.client.workflow.getHandle(workflowId).describe()).memo?.['job'] !== undefined;
  while ((await harness.admin((admin) => admin.listTopics())).every((name) => name !== replayTopic)) await sleep(100);
  await sleep(1_000); // a Schedule gives firings of one second one workflow id
  await handle.trigger();
  const [first, second] = await endedWorkflows(schedule, 2);
  const outcomes = await Promise.allSettled(
    [first, second].map(({ workflowId } = { workflowId: '', runId: '' }) =>
      harness.client.workflow.getHandle(workflowId).result(),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  const refusal = (outcomes[1] as PromiseRejectedResult).reason as WorkflowFailedError;
  const cause = refusal.cause?.cause as { type?: string; message: string };
  expect(cause.type).toBe('rewind.job.replay-topic-claimed');
  expect(cause.message).toContain(`belongs to the job ${first!.workflowId}/`);
  await expectReplayed(harness, replayTopic, archive.truth());
});
