import type { Command } from 'commander';
import type { ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { defaultId } from '../job-of.ts';
import { readJob } from '../read-job.ts';
import { showResult } from '../show-result.ts';
import { startReplay } from '../start-replay.ts';
import { noteWithoutWorkers } from '../task-queue.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

type ReplayOptions = CommonOptions & { id?: string; watch: boolean; wait: boolean };

/** `rewind replay JOB.json`: starts a job, and follows it where it is told to. */
export function replayCommand(): Command {
  return withFollowing(
    temporalCommand('replay', 'start a replay', 'rewind replay job.json --id replay-events --watch').argument(
      '<job.json>',
      'the job, or - for standard input',
    ),
  )
    .option('--id <id>', 'id of the workflow (default: replay-TOPIC)')
    .action(async (path: string, options: ReplayOptions) => startJob(await readJob(path), options));
}

/** `rewind offsets JOB.json`: commits the offsets of a job's group, and publishes nothing. */
export function offsetsCommand(): Command {
  return withFollowing(
    temporalCommand(
      'offsets',
      "commit the offsets of a job's group again, and nothing else",
      'rewind offsets job.json --wait',
    ).argument('<job.json>', 'the job, or - for standard input'),
  )
    .option('--id <id>', 'id of the workflow (default: offsets-TOPIC)')
    .action(async (path: string, options: ReplayOptions) =>
      startJob({ ...(await readJob(path)), offsetsOnly: true }, options, 'offsets'),
    );
}

function withFollowing(command: Command): Command {
  return command
    .option('--watch', 'show progress until the job ends, then its result', false)
    .option('--wait', 'wait until the job ends, then show its result', false);
}

async function startJob(
  job: Record<string, unknown>,
  options: ReplayOptions,
  what: 'replay' | 'offsets' = 'replay',
): Promise<void> {
  const output = outputOf(options);
  const workflowId = options.id ?? defaultId(what, job);
  await withTemporal(options, async (client) => {
    const { taskQueue } = options;
    const runId = await startReplay(client, job, { workflowId, taskQueue, what });
    if (!options.watch && !options.wait) {
      await noteWithoutWorkers(client, taskQueue, output);
      return output.result({ workflowId, runId }, [`started ${workflowId}`, `rewind status ${workflowId} --watch`]);
    }
    const result = await watchReplay<ReplayResult | ReplayPlan>(client, workflowId, {
      progress: options.watch,
      output,
    });
    showResult(output, workflowId, what, result);
  });
}
