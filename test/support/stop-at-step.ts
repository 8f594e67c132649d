import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { WorkerProcess } from './worker-process.ts';

const STARTED = 2; // temporal.api.enums.v1.PendingActivityState

/**
 * Lets a worker run in short stretches, and looks while it sleeps (SIGSTOP), until what is looked for is there: a state of
 * milliseconds is not missed, however slow the machine is. The worker sleeps in it then.
 */
export async function stopWhen(worker: WorkerProcess, isThere: () => Promise<boolean>): Promise<void> {
  for (;;) {
    worker.signal('SIGSTOP');
    if (await isThere()) return;
    worker.signal('SIGCONT');
    await sleep(20);
  }
}

/** The same until the only worker has this step of a job in hand. */
export function stopAtStep(worker: WorkerProcess, handle: WorkflowHandle, step: string): Promise<void> {
  return stopWhen(worker, async () => {
    const { status, raw } = await handle.describe();
    if (status.name !== 'RUNNING') throw new Error(`${handle.workflowId} ended (${status.name}) before its ${step}`);
    return (raw.pendingActivities ?? []).some(
      ({ activityType, state }) => activityType?.name === step && Number(state) === STARTED,
    );
  });
}
