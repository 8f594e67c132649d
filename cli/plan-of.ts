import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { ANSWER_LIMIT } from './answer-limit.ts';
import type { Output } from './output.ts';
import { summaryOf } from './summary-of-job.ts';
import { watchReplay } from './watch-replay.ts';

export interface Planned {
  /** Begins the id of the workflow. */
  id: string;
  job: Record<string, unknown>;
  /** What the workflow is given. @default the job */
  input?: object;
  taskQueue: string;
  output: Output;
}

/** Starts a plan of a job, and waits for it no longer than ANSWER_LIMIT. */
export async function planOf<Plan>(
  client: Client,
  type: 'replayPlan' | 'archivePlan' | 'rangesPlan',
  { id, job, input = job, taskQueue, output }: Planned,
): Promise<Plan> {
  const workflowId = `${id}-${randomUUID()}`;
  await client.workflow.start(type, {
    args: [input],
    taskQueue,
    workflowId,
    memo: { kind: 'plan', ...(typeof job['topic'] === 'string' && { topic: job['topic'] }) },
    staticSummary: summaryOf('plan', job),
    workflowExecutionTimeout: ANSWER_LIMIT,
  });
  return watchReplay<Plan>(client, workflowId, { progress: false, output, kind: 'plan' });
}
