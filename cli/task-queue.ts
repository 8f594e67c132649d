import type { Client } from '@temporalio/client';

const WORKFLOW_TASKS = 1; // temporal.api.enums.v1.TaskQueueType
/** A worker asks for tasks at least once a minute. */
const ALIVE_WITHIN_MS = 120_000;

/** How many workers have asked this task queue for work lately. */
export async function workersOf(client: Client, taskQueue: string): Promise<number> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  const now = Date.now();
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1000 < ALIVE_WITHIN_MS,
  );
  return new Set(alive.map(({ identity }) => identity)).size;
}

/** What to say where nobody serves the task queue; undefined where somebody does. */
export async function withoutWorkers(client: Client, taskQueue: string): Promise<string | undefined> {
  if ((await workersOf(client, taskQueue)) > 0) return undefined;
  return `No worker serves the task queue ${taskQueue}: the job waits until one does (rewind worker).`;
}
