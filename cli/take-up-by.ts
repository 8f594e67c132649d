import type { Client } from '@temporalio/client';
import { asksForPlan } from '../workflows/run/asks-for-plan.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import type { ReplayStatusReport } from './replay-status.ts';
import { startReplay } from './start-replay.ts';

/**
 * Starts a workflow of the same id that goes on with the ended one's job, by another input; the id of its run.
 *
 * @throws CommandError where there is no such job, or the input asks for something else
 */
export async function takeUpBy(
  client: Client,
  { workflowId, kind, taskQueue, job }: Pick<ReplayStatusReport, 'workflowId' | 'kind' | 'taskQueue' | 'job'>,
  input: Record<string, unknown>,
): Promise<string> {
  if (asksForPlan(input))
    throw new CommandError(
      EXIT.usage,
      'The job that is given asks for a plan ("plan": true), which takes nothing up.',
      'Leave that out of it; rewind plan makes plans.',
    );
  const { takeUp } = input;
  if (job !== undefined && takeUp !== undefined && takeUp !== job)
    throw new CommandError(
      EXIT.usage,
      `The job that is given takes up ${JSON.stringify(takeUp)}, and that of ${workflowId} is ${job}.`,
      'Leave takeUp out of it; or rewind replay starts what it says.',
    );
  // A run that was refused before it had a job may have the id of one that has.
  const begun = job ?? takeUp;
  if (begun === undefined)
    throw new CommandError(
      EXIT.failed,
      `${workflowId} has no job yet: its input was never accepted, so there is nothing to take up.`,
      'rewind replay starts it anew; the job that an earlier workflow of this id began goes on where takeUp names it.',
    );
  const what = kind === 'offsets' ? 'offsets' : 'replay';
  const whole = { ...input, ...(what === 'offsets' && { offsetsOnly: true }), takeUp: begun };
  return startReplay(client, whole, { workflowId, taskQueue, what });
}
