import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { ArchivePlan } from '../../activities/archive/plan/archive-plan.ts';
import type { RecoveredRuns } from '../../activities/archive/steps.ts';
import type { ArchiveResult } from '../../workflows/archive/archive-result.ts';
import { archivePlanLines } from '../archive-lines.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { planOf } from '../plan-of.ts';
import { readJob } from '../read-job.ts';
import { showPlan, showResult } from '../show-result.ts';
import { noteWithoutWorkers } from '../task-queue.ts';
import { summaryOf } from '../summary-of-job.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

type ArchiveOptions = CommonOptions & { id?: string; watch: boolean; wait: boolean };

/** `rewind archive JOB.json`, and what belongs to it: `rewind archive plan` and `rewind archive finish`. */
export function archiveCommand(): Command {
  return temporalCommand(
    'archive',
    'archive topics to HDFS, on from where the newest execution ended',
    'rewind archive job.json --watch',
  )
    .argument('<job.json>', 'the job, or - for standard input')
    .option('--id <id>', 'id of the workflow (default: archive-EXEC)')
    .option('--watch', 'show progress until the run ends, then its result', false)
    .option('--wait', 'wait until the run ends, then show its result', false)
    .action(async (path: string, options: ArchiveOptions) => startArchive(await readJob(path), options))
    .addCommand(planCommand('plan'))
    .addCommand(finishCommand('finish'));
}

/** `rewind archive-plan JOB.json`: what a run would do; touches nothing. */
export function archivePlanCommand(): Command {
  return planCommand('archive-plan');
}

/** `rewind archive-finish JOB.json`: completes what a run had decided. */
export function archiveFinishCommand(): Command {
  return finishCommand('archive-finish');
}

function planCommand(name: string): Command {
  return temporalCommand(name, 'show what an archive would do; touches nothing', 'rewind archive-plan job.json')
    .argument('<job.json>', 'the job, or - for standard input')
    .action(async (path: string, _own: unknown, command: Command) => {
      // Options of a command above are taken by that one, wherever they stand.
      const options = command.optsWithGlobals<CommonOptions>();
      const output = outputOf(options);
      const job = await readJob(path);
      await withTemporal(options, async (client) => {
        const { taskQueue } = options;
        const plan = await planOf<ArchivePlan>(client, 'archivePlan', {
          id: `plan-${idOf(job)}`,
          job,
          taskQueue,
          output,
        });
        showPlan(output, plan, archivePlanLines(plan));
      });
    });
}

function finishCommand(name: string): Command {
  return temporalCommand(
    name,
    'complete what a run of an archive had decided, and archive nothing more',
    'rewind archive-finish job.json',
  )
    .argument('<job.json>', 'the job, or - for standard input')
    .action(async (path: string, _own: unknown, command: Command) => {
      // Options of a command above are taken by that one, wherever they stand.
      const options = command.optsWithGlobals<CommonOptions>();
      const output = outputOf(options);
      const job = await readJob(path);
      await withTemporal(options, async (client) => {
        const workflowId = `finish-${idOf(job)}-${randomUUID()}`;
        await client.workflow.start('finishArchive', { args: [job], taskQueue: options.taskQueue, workflowId });
        const done = await watchReplay<RecoveredRuns>(client, workflowId, { progress: false, output, kind: 'finish' });
        output.result(done, [
          done.finished === undefined ? 'nothing was decided and unfinished' : `finished ${done.finished}`,
          ...(done.discarded > 0 ? [`deleted the files of ${done.discarded} runs that had decided nothing`] : []),
          ...done.remarks.map((remark) => `note: ${remark}`),
        ]);
      });
    });
}

/** One archive is one EXEC: two runs of it at once have one id, and the second is refused. */
function idOf({ exec }: Record<string, unknown>): string {
  return `archive${typeof exec === 'string' ? exec.replace(/[^A-Za-z0-9._-]+/g, '-') : ''}`;
}

async function startArchive(job: Record<string, unknown>, options: ArchiveOptions): Promise<void> {
  const output = outputOf(options);
  const workflowId = options.id ?? idOf(job);
  await withTemporal(options, async (client) => {
    const { firstExecutionRunId } = await client.workflow.start('archive', {
      args: [job],
      taskQueue: options.taskQueue,
      workflowId,
      memo: { kind: 'archive' },
      staticSummary: summaryOf('archive', job),
      workflowIdConflictPolicy: 'FAIL',
    });
    if (!options.watch && !options.wait) {
      await noteWithoutWorkers(client, options.taskQueue, output);
      return output.result({ workflowId, runId: firstExecutionRunId }, [`started ${workflowId}`]);
    }
    const result = await watchReplay<ArchiveResult | ArchivePlan>(client, workflowId, {
      progress: options.watch,
      output,
      kind: 'archive',
    });
    showResult(output, workflowId, 'archive', result);
  });
}
