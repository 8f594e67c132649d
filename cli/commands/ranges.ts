import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import type { PlanPlace } from '../../activities/ranges/job/ranges-input.ts';
import type { RangesOutlook } from '../../activities/ranges/plan/ranges-outlook.ts';
import type { RangesResult } from '../../workflows/ranges/ranges-result.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import type { Output } from '../output.ts';
import { planAnswer } from '../plan-answer.ts';
import { planOf } from '../plan-of.ts';
import { rangesOf, rangesPlanLines } from '../ranges-lines.ts';
import { readJob } from '../read-job.ts';
import { showPlan, showResult } from '../show-result.ts';
import { noteWithoutWorkers } from '../task-queue.ts';
import { summaryOf } from '../summary-of-job.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

type RangesOptions = CommonOptions & { id?: string; watch: boolean; wait: boolean };

/** `rewind ranges JOB.json`: a function of one's own over topics; and `rewind ranges plan JOB.json`. */
export function rangesCommand(): Command {
  return temporalCommand(
    'ranges',
    'run a function of your own over what a group has not consumed, and move its offsets if all succeeded',
    'rewind ranges job.json --watch',
  )
    .argument('<job.json>', 'the job, or - for standard input')
    .option('--id <id>', 'id of the workflow (default: ranges-GROUP)')
    .option('--watch', 'show progress until the job ends, then its result', false)
    .option('--wait', 'wait until the job ends, then show its result', false)
    .action(async (path: string, options: RangesOptions) => startRanges(await readJob(path), options))
    .addCommand(planCommand());
}

function planCommand(): Command {
  return temporalCommand(
    'plan',
    'show the ranges that a job would read; touches nothing',
    'rewind ranges plan job.json --json',
  )
    .argument('<job.json>', 'the job, or - for standard input')
    .option('--all', 'from the earliest offsets on, whatever is consumed', false)
    .action(async (path: string, _own: unknown, command: Command) => {
      // Options of the command above are taken by that one, wherever they stand.
      const options = command.optsWithGlobals<CommonOptions & { all: boolean }>();
      const output = outputOf(options);
      const job = await readJob(path);
      await withTemporal(options, async (client) => {
        const plan = await wholePlan(client, job, options, output);
        const { partitions, next: _next, ranges: _ranges, ...rest } = plan;
        showPlan(output, plan, rangesPlanLines(plan), { ...rest, partitions, ranges: rangesOf(partitions) });
      });
    });
}

/** Partitions come some at a time, so that no answer is large. */
async function wholePlan(
  client: Client,
  job: Record<string, unknown>,
  { taskQueue, all }: CommonOptions & { all: boolean },
  output: Output,
): Promise<RangesOutlook> {
  const answers: RangesOutlook[] = [];
  let after: PlanPlace | undefined;
  do {
    const input = { ...job, plan: { all, after } };
    const asked = { id: `plan-${idOf(job)}`, job, input, taskQueue, output };
    const answer = planAnswer(await planOf<object>(client, 'rangesPlan', asked));
    answers.push(answer);
    after = answer.next;
  } while (after !== undefined);
  return { ...answers[0]!, partitions: answers.flatMap(({ partitions }) => partitions) };
}

/** One job for a group at a time. */
function idOf({ inputs }: Record<string, unknown>): string {
  const [first] = (Array.isArray(inputs) ? inputs : []) as unknown[];
  const { group } = (first ?? {}) as { group?: unknown };
  return `ranges-${typeof group === 'string' ? group.replace(/[^A-Za-z0-9._-]+/g, '-') : 'job'}`;
}

async function startRanges(job: Record<string, unknown>, options: RangesOptions): Promise<void> {
  const output = outputOf(options);
  const workflowId = options.id ?? idOf(job);
  await withTemporal(options, async (client) => {
    const { firstExecutionRunId } = await client.workflow.start('ranges', {
      args: [job],
      taskQueue: options.taskQueue,
      workflowId,
      memo: { kind: 'ranges' },
      staticSummary: summaryOf('ranges', job),
      workflowIdConflictPolicy: 'FAIL',
    });
    if (!options.watch && !options.wait) {
      await noteWithoutWorkers(client, options.taskQueue, output);
      return output.result({ workflowId, runId: firstExecutionRunId }, [`started ${workflowId}`]);
    }
    const result = await watchReplay<RangesResult | RangesOutlook>(client, workflowId, {
      progress: options.watch,
      output,
      kind: 'ranges',
    });
    showResult(output, workflowId, 'ranges', result);
  });
}
