import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';

type EventId = Parameters<Client['workflowService']['resetWorkflowExecution']>[0]['workflowTaskFinishEventId'];

/** Resets the newest run of a workflow to a workflow task, by the event that completed it; returns the new run. */
export async function resetTo(
  client: Client,
  handle: WorkflowHandle,
  eventId: EventId,
  reason: string,
): Promise<WorkflowHandle> {
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId: (await handle.describe()).runId },
    workflowTaskFinishEventId: eventId ?? null,
    reason,
    requestId: randomUUID(),
  });
  return client.workflow.getHandle(handle.workflowId, runId);
}

/** Resets a workflow to where it was about to run an activity, as an operator does in the Web UI; returns the new run. */
export async function resetToBefore(client: Client, handle: WorkflowHandle, activity: string): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const scheduled = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  )?.activityTaskScheduledEventAttributes;
  if (scheduled === undefined || scheduled === null) throw new Error(`the workflow never ran ${activity}`);
  return resetTo(client, handle, scheduled.workflowTaskCompletedEventId, `a test goes back to ${activity}`);
}

/** Takes a job up again that has ended, as an operator does: a reset to its first workflow task; returns the new run. */
export async function takeUpByReset(client: Client, handle: WorkflowHandle): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  if (first === undefined) throw new Error(`no workflow task of ${handle.workflowId} was ever completed`);
  return resetTo(client, handle, first.eventId, 'a test takes the job up again');
}
