import type { Client } from '@temporalio/client';
import { summaryOf } from './summary-of-job.ts';

/** Starts the workflow of a replay, or of its offsets alone; the id of its first run. */
export async function startReplay(
  client: Client,
  job: Record<string, unknown>,
  { workflowId, taskQueue, what }: { workflowId: string; taskQueue: string; what: 'replay' | 'offsets' },
): Promise<string> {
  const { topic, takeUp } = job;
  const { firstExecutionRunId } = await client.workflow.start('replay', {
    args: [job],
    taskQueue,
    workflowId,
    // Seen in lists before a worker has come to it; and a job that is taken up is known where that input is refused.
    memo: {
      kind: what,
      ...(typeof topic === 'string' && { topic }),
      ...(typeof takeUp === 'string' && { job: takeUp }),
    },
    staticSummary: summaryOf(what, job),
    workflowIdConflictPolicy: 'FAIL',
  });
  return firstExecutionRunId;
}
