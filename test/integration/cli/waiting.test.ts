// What a job waits for reaches everybody who looks: `rewind status`, the query `progress`, the details of the Web UI and
// the heartbeat; in the first step too, before there is a job, and where there is no worker at all.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { progressQuery } from '../../../workflows/replay/messages.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { runRewind } from './run-rewind.ts';

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
});
afterAll(() => harness.close());

const JOB = { topic: 'events', archive: { dest: '/nowhere' } };

async function until<T>(ask: () => Promise<T>, found: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (found(answer)) return answer;
  }
}

test('a job without a worker waits for one on its own task queue, whichever the command would look at', async () => {
  const handle = await harness.start(JOB);
  const look = () => runRewind(harness, ['status', handle.workflowId, '--task-queue', 'another']);
  const { out } = await until(look, ({ out }) => out.includes('waits'));
  expect(out).toMatch(new RegExp(`^waits +a worker on the task queue ${harness.taskQueue} since \\d{4}-`, 'm'));
  await handle.terminate();
});

test('the first step tells which server it waits for, to everybody who looks', async () => {
  await harness.startWorker({ REWIND_KAFKA_BROKERS: '127.0.0.1:1', REWIND_REACH_TIMEOUT_MS: '240000' });
  const handle = await harness.start(JOB);
  const { waitingFor } = await until(
    () => handle.query(progressQuery),
    (answer) => answer.waitingFor !== undefined,
  );
  expect(waitingFor).toMatchObject({ step: 'validateJob', error: expect.stringContaining('127.0.0.1:1') as string });
  expect(waitingFor?.for).toContain('Kafka connection "default"');

  const { out } = await runRewind(harness, ['status', handle.workflowId]);
  expect(out).toMatch(/^status +running, step validate$/m);
  expect(out).toMatch(/^waits +validateJob waits for the Kafka connection "default" .* since \d{4}-.*127\.0\.0\.1:1/m);
  expect(out).not.toContain('no worker');

  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toMatch(/\| Waits \| for the Kafka connection "default"/);

  // The heartbeat comes a while after the signal.
  const beat = await until(
    async () => {
      const { raw } = await handle.describe();
      const [payload] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
      return JSON.parse(Buffer.from(payload?.data ?? Buffer.from('{}')).toString()) as { waitingFor?: object };
    },
    (details) => details.waitingFor !== undefined,
  );
  expect(beat).toMatchObject({ waitingFor: { since: waitingFor?.since } });
  await handle.terminate();
});

test('of a job whose only worker was killed it is told which one that was, and when it was last heard of', async () => {
  const taskQueue = `${harness.taskQueue}-killed`;
  const worker = await harness.startWorker({
    REWIND_TASK_QUEUE: taskQueue,
    REWIND_KAFKA_BROKERS: '127.0.0.1:1',
    REWIND_REACH_TIMEOUT_MS: '240000',
  });
  const workflowId = `killed-${harness.id}`;
  const handle = await harness.client.workflow.start('replay', { args: [JOB], taskQueue, workflowId });
  await until(
    () => handle.query(progressQuery),
    (answer) => answer.waitingFor !== undefined,
  );
  await worker.end('SIGKILL');
  const { err } = await runRewind(harness, ['status', workflowId]);
  expect(err).toMatch(new RegExp(`^No worker (answers|serves)\\b.* ${taskQueue} .*was ${worker.pid}@\\S+ at \\d{4}-`));
  await handle.terminate();
});
