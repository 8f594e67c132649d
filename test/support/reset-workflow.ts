import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';

/** Resets a workflow to where it was about to run an activity, as an operator does in the Web UI; returns the new run. */
export async function resetToBefore(client: Client, handle: WorkflowHandle, activity: string): Promise<WorkflowHandle> {
  const { events } = await handle.fetchHistory();
  const scheduled = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  )?.activityTaskScheduledEventAttributes;
  if (scheduled === undefined || scheduled === null) throw new Error(`the workflow never ran ${activity}`);
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId: (await handle.describe()).runId },
    workflowTaskFinishEventId: scheduled.workflowTaskCompletedEventId ?? null,
    reason: `a test goes back to ${activity}`,
    requestId: randomUUID(),
  });
  return client.workflow.getHandle(handle.workflowId, runId);
}
