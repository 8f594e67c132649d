import type { DescribeWorkflowExecutionResponse, WorkflowClient, WorkflowHandle } from '@temporalio/client';
import { timeText } from './pending-step.ts';

/** The next task of a workflow's own code. */
export interface PendingTask {
  attempt: number;
  /** Whether a worker has it in hand. */
  started: boolean;
  /** ISO-8601: since when it is due. */
  since: string | undefined;
  /** Why the last attempt failed: a worker with other code, or without this workflow. */
  lastError: string | undefined;
}

const STARTED = 2; // temporal.api.enums.v1.PendingWorkflowTaskState
/** Events at the end of a history among which the last failure stands. */
const LOOKED_AT = 10;

type Asked = Pick<WorkflowClient, 'workflowService'> & { options: { namespace: string } };

export async function pendingTask(
  client: Asked,
  { workflowId }: WorkflowHandle,
  pending: DescribeWorkflowExecutionResponse['pendingWorkflowTask'],
): Promise<PendingTask | undefined> {
  if (pending === null || pending === undefined) return undefined;
  const attempt = pending.attempt ?? 1;
  return {
    attempt,
    started: Number(pending.state) >= STARTED,
    since: timeText(pending.originalScheduledTime ?? pending.scheduledTime),
    lastError: attempt > 1 ? await lastFailure(client, workflowId) : undefined,
  };
}

async function lastFailure(client: Asked, workflowId: string): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: LOOKED_AT,
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes);
  return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
}
