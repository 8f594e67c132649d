import type { Command } from 'commander';
import type { VerifyResult } from '../../workflows/verify/verify-result.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { defaultId } from '../job-of.ts';
import { readJob } from '../read-job.ts';
import { noteWithoutWorkers } from '../task-queue.ts';
import { summaryOf } from '../summary-of-job.ts';
import { showResult } from '../show-result.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

type VerifyOptions = CommonOptions & { id?: string; watch: boolean; wait: boolean };

/** `rewind verify JOB.json`: compares an archive with its topic, and with what was replayed from it. */
export function verifyCommand(): Command {
  return temporalCommand(
    'verify',
    'compare an archive with its topic and its replay, record by record; changes nothing',
    'rewind verify job.json --watch',
  )
    .argument('<job.json>', "a replay's job, with what to compare in verify, or - for standard input")
    .option('--id <id>', 'id of the workflow (default: verify-TOPIC)')
    .option('--watch', 'show progress until the job ends, then what it found', false)
    .option('--wait', 'wait until the job ends, then show what it found', false)
    .action(async (path: string, options: VerifyOptions) => startVerify(await readJob(path), options));
}

async function startVerify(job: Record<string, unknown>, options: VerifyOptions): Promise<void> {
  const output = outputOf(options);
  const workflowId = options.id ?? defaultId('verify', job);
  await withTemporal(options, async (client) => {
    const { firstExecutionRunId } = await client.workflow.start('verify', {
      args: [job],
      taskQueue: options.taskQueue,
      workflowId,
      memo: { kind: 'verify', ...(typeof job['topic'] === 'string' && { topic: job['topic'] }) },
      staticSummary: summaryOf('verify', job),
      workflowIdConflictPolicy: 'FAIL',
    });
    if (!options.watch && !options.wait) {
      await noteWithoutWorkers(client, options.taskQueue, output);
      return output.result({ workflowId, runId: firstExecutionRunId }, [
        `started ${workflowId}`,
        `rewind result ${workflowId}`,
      ]);
    }
    const result = await watchReplay<VerifyResult>(client, workflowId, {
      progress: options.watch,
      output,
      kind: 'verify',
    });
    showResult(output, workflowId, 'verify', result);
  });
}
