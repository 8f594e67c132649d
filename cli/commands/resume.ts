import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { resumeSignal } from '../../workflows/run/messages.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { goesOn } from '../goes-on.ts';
import type { Output } from '../output.ts';
import { readJob } from '../read-job.ts';
import { statusOf, type ReplayStatusReport } from '../replay-status.ts';
import { showResult } from '../show-result.ts';
import { takeUpBy } from '../take-up-by.ts';
import { noteWithoutWorkers } from '../task-queue.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';
import { JOB_KINDS } from '../workflow-kind.ts';

type ResumeOptions = CommonOptions & { watch: boolean; job?: string };

/**
 * `rewind resume ID`: a paused job goes on; a replay that has ended before its success is taken up where it stopped, with
 * `--job` by another input than it was started with.
 */
export function resumeCommand(): Command {
  return temporalCommand(
    'resume',
    'go on with a job that is paused, or a replay that was cancelled, was terminated or has failed',
    'rewind resume replay-events --watch',
  )
    .argument('<id>', 'id of the workflow')
    .option(
      '--job <job.json>',
      'take it up by this job, which may say otherwise what docs/job.md names; - for standard input',
    )
    .option('--watch', 'show progress until the job ends, then its result', false)
    .action(async (id: string, options: ResumeOptions) => {
      const output = outputOf(options);
      const job = options.job === undefined ? undefined : await readJob(options.job);
      await withTemporal(options, async (client) => {
        const { kind, taskQueue } = await goOn(client, id, { output, watch: options.watch, job });
        if (!options.watch) return noteWithoutWorkers(client, taskQueue, output);
        const result = await watchReplay<object>(client, id, { progress: true, output, kind });
        showResult(output, id, kind, result);
      });
    });
}

async function goOn(
  client: Client,
  workflowId: string,
  { output, watch, job }: { output: Output; watch: boolean; job: Record<string, unknown> | undefined },
): Promise<Pick<ReplayStatusReport, 'kind' | 'taskQueue'>> {
  const handle = client.workflow.getHandle(workflowId);
  const report = await statusOf(client, workflowId);
  const { kind, workflowStatus, runId } = report;
  const say = (document: object, line: string): void => (watch ? output.note(line) : output.result(document, line));
  if (workflowStatus === 'COMPLETED')
    throw new CommandError(
      EXIT.usage,
      `${workflowId} has succeeded: there is nothing to resume.`,
      `rewind ${JOB_KINDS.includes(kind) ? 'replay' : kind} starts another job.`,
    );
  if (job !== undefined && !JOB_KINDS.includes(kind))
    throw new CommandError(
      EXIT.usage,
      `${workflowId} is no replay (${kind}), and only those are taken up by another job.`,
      goesOn(kind, workflowId),
    );
  if (workflowStatus === 'RUNNING' && job !== undefined)
    throw new CommandError(
      EXIT.usage,
      `${workflowId} is running: it keeps the job that it was started with.`,
      `rewind cancel ${workflowId} ends it, with what was in hand committed; then resume it by another job.`,
    );
  if (workflowStatus === 'RUNNING') {
    await handle.signal(resumeSignal);
    say({ workflowId, runId, was: 'running' }, `${workflowId} goes on`);
    return report;
  }
  const was = workflowStatus.toLowerCase().replace('_', ' ');
  if (!JOB_KINDS.includes(kind))
    throw new CommandError(EXIT.usage, `${workflowId} was ${was}.`, goesOn(kind, workflowId));
  if (job !== undefined) {
    const again = await takeUpBy(client, report, job);
    say(
      { workflowId, runId: again, was },
      `${workflowId} was ${was}, and goes on by the job that is given (run ${again})`,
    );
    return report;
  }
  const again = await resetToFirstTask(client, workflowId, runId);
  // What was said to it before holds again after a reset: a pause as well.
  await client.workflow.getHandle(workflowId, again).signal(resumeSignal);
  say({ workflowId, runId: again, was }, `${workflowId} was ${was}, and goes on where it stopped (run ${again})`);
  return report;
}

async function resetToFirstTask(client: Client, workflowId: string, runId: string): Promise<string> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  if (first === undefined)
    throw new CommandError(
      EXIT.failed,
      `${workflowId} ended before a worker ever came to it: there is nothing to take up.`,
      'rewind replay starts it anew.',
    );
  const answer = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: first.eventId ?? null,
    reason: 'rewind resume',
    requestId: randomUUID(),
  });
  return answer.runId;
}
