import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import type { RemovedStaging } from '../../activities/replay/steps.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { inputOf } from '../job-of.ts';
import { withoutWorkers } from '../task-queue.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

type CleanOptions = CommonOptions & { errors: boolean; topic?: string; staging?: string };

/** `rewind clean ID`: removes what a replay or a verify that has ended, and will not be taken up, has left in staging. */
export function cleanCommand(): Command {
  return temporalCommand(
    'clean',
    'remove the staging of a replay or a verify that has ended',
    'rewind clean replay-events',
  )
    .argument('<id>', 'id of the workflow; or id of the job, WORKFLOWID/RUNID, with --topic')
    .option('--errors', 'remove the list of skipped records as well', false)
    .option('--topic <name>', 'topic of the job, where Temporal knows its workflow no more')
    .option('--staging <path>', "the job's field `staging`, where Temporal knows its workflow no more")
    .action(async (id: string, { errors, topic, staging, ...options }: CleanOptions) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        const job = topic === undefined ? await endedJob(client, id) : { job: id, topic, ...(staging && { staging }) };
        const nobody = await withoutWorkers(client, options.taskQueue);
        if (nobody !== undefined) throw new CommandError(EXIT.noAnswer, nobody, 'Start a worker, then clean again.');
        const workflowId = `clean-${id.replaceAll('/', '-')}-${randomUUID()}`;
        await client.workflow.start('cleanStaging', {
          args: [{ ...job, errors }],
          taskQueue: options.taskQueue,
          workflowId,
        });
        const removed = await watchReplay<RemovedStaging>(client, workflowId, {
          progress: false,
          output,
          kind: 'clean',
        });
        output.result(removed, removed.removed ? `${removed.staging} was removed` : `${removed.staging} is not there`);
      });
    });
}

/** What tells the staging of a job whose workflow Temporal still knows. */
async function endedJob(client: Client, workflowId: string): Promise<Record<string, unknown>> {
  const handle = client.workflow.getHandle(workflowId);
  const { connections, staging, topic } = await inputOf(client, handle, ['replay', 'verify']);
  const { memo } = await handle.describe();
  if (memo?.['job'] === undefined)
    throw new CommandError(
      EXIT.failed,
      `${workflowId} has no job yet: its input was never accepted, so there is nothing in staging.`,
      'rewind status shows what became of it.',
    );
  return { job: memo['job'], topic, staging, connections };
}
