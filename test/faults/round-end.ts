import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGrpcServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type WorkflowHandle,
} from '@temporalio/client';
import { reasonOf } from '../support/replay-harness.ts';
import type { AttackedRun } from './attacked-run.ts';

/** How long a job may take once nothing is wrong any more. */
const ENDS_WITHIN_MS = 240_000;
const WORKER_ENDS_WITHIN_MS = 60_000;

/** Characters of a worker's output that a report shows. */
const SHOWN = 6_000;

const NOT_FOUND = 5; // google.rpc.Code

/** Steps and jobs end by themselves while somebody is about to lay hands on them. */
export function overMeanwhile(error: unknown): string {
  if (error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND))
    return 'the step or the job ended meanwhile';
  throw error;
}

/** The result of a job that nothing keeps from its end any more. */
export async function resultOf(handle: WorkflowHandle): Promise<unknown> {
  const tooLate = sleep(ENDS_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the job has not ended ${ENDS_WITHIN_MS} ms after the last fault: ${handle.workflowId}`);
  });
  return Promise.race([handle.result() as Promise<unknown>, tooLate]);
}

/** Gently: whatever still ran in them ends, and leaves nothing behind. */
export async function endWorkers(round: AttackedRun): Promise<void> {
  await Promise.all(
    round.workers.map(async (worker, index) => {
      const ended = worker.end('SIGTERM').then(() => true);
      if (!(await Promise.race([ended, sleep(WORKER_ENDS_WITHIN_MS, false, { ref: false })])))
        throw new Error(`worker ${index + 1} (process ${worker.pid}) did not end within ${WORKER_ENDS_WITHIN_MS} ms`);
    }),
  );
}

/** What a round that threw says is wrong. */
export function faultOf(error: unknown): string {
  return error instanceof WorkflowFailedError ? reasonOf(error) : String((error as Error).stack ?? error);
}

/** What the workers of a round said last, for a report of one that went wrong. */
export function lastOutputs({ workers }: Pick<AttackedRun, 'workers'>, doing = ''): string[] {
  return workers.map(
    ({ output }, index) => `the end of ${doing}worker ${index + 1}'s output:\n${output.slice(-SHOWN)}`,
  );
}
