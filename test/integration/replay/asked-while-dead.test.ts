// A worker is killed, and somebody asks how far its job is before another one has taken the job over. Temporal shows the
// workflow of the next worker then what has ended so far, to answer, and the rest with the next task; another worker
// is shown all of it at once (docs/decisions/0024-commands-in-order-of-ends.md). The job must go on in both.
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { DecodedSplit, DecodeInput } from '../../../activities/replay/steps.ts';
import { registerSearchAttributes } from '../../support/register-search-attributes.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

/** Temporal keeps a question for work open for a minute. */
const TAKEN_WITHIN_MS = 70_000;

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  await registerSearchAttributes(harness.client);
});
afterAll(() => harness.close());

const startWorker = (): Promise<WorkerProcess> =>
  harness.startWorker({
    ...{ REWIND_SERVES: 'workflows', REWIND_SPLIT_MIB: '0.02', REWIND_HEARTBEAT_TIMEOUT_MS: '120000' },
    ...{ REWIND_DECODE_TASK_QUEUE: `${harness.taskQueue}-decode` },
  });

/** A split that the test has taken in place of a worker that decodes. */
async function takeSplit(): Promise<{ end: () => Promise<void> }> {
  const { workflowService, options } = harness.client;
  const { namespace } = options;
  const taskQueue = { name: `${harness.taskQueue}-decode` };
  const { taskToken, input } = await harness.client.withDeadline(Date.now() + TAKEN_WITHIN_MS, () =>
    workflowService.pollActivityTaskQueue({ namespace, identity: 'test', taskQueue }),
  );
  const { split } = defaultPayloadConverter.fromPayload<DecodeInput>(input!.payloads![0]!);
  const decoded: DecodedSplit = {
    ...{ split, files: 1, timeUnit: 'milliseconds', bytesRead: '100', bytesSorted: '100', seconds: 1, reused: false },
    ...{ read: 1, kept: 1, outOfRange: 0, filtered: 0, skipped: 0, skippedBy: {}, clamped: 0 },
  };
  const result = { payloads: [defaultPayloadConverter.toPayload(decoded)] };
  return {
    end: async () => void (await workflowService.respondActivityTaskCompleted({ namespace, taskToken, result })),
  };
}

/** How many of the job's own tasks have been done; none has failed. */
async function tasksDone(handle: WorkflowHandle): Promise<number> {
  const { events = [] } = await handle.fetchHistory();
  const failed = events?.map(({ workflowTaskFailedEventAttributes: task }) => task?.failure?.message);
  expect(failed?.filter((message) => message !== undefined)).toEqual([]);
  return (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length;
}

test('a job of which somebody asks while its worker is dead goes on in the next worker, and in the one after that', async () => {
  const first = await startWorker();
  const { job } = await writeTestArchive(harness, { records: 3_000 });
  const handle = await harness.start({ ...job, sort: 'whole' });
  const [one, two, three] = [await takeSplit(), await takeSplit(), await takeSplit()];
  const second = await startWorker();
  await first.end('SIGKILL');

  // Offered to the dead worker for three seconds; what ends meanwhile is shown to the next one with the question.
  const answer = handle.query('progress');
  await sleep(1_000);
  await one.end();
  await answer;
  // And this with the task that the first end has made, which is offered to the dead worker for as long.
  const done = await tasksDone(handle);
  await two.end();
  await expect.poll(() => tasksDone(handle)).toBeGreaterThan(done);

  await second.end('SIGKILL');
  await startWorker();
  await three.end();
  await expect.poll(() => tasksDone(handle)).toBeGreaterThan(done + 1);
  await handle.terminate();
});
