import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { columns, type Output } from '../output.ts';
import { statusOf } from '../replay-status.ts';
import { resultLines } from '../result-lines.ts';
import { statusLines } from '../status-lines.ts';
import { withoutWorkers, workersOf } from '../task-queue.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

type StatusOptions = CommonOptions & { watch: boolean; limit: string };

/** `rewind status [ID]`: one replay, or the newest of all. */
export function statusCommand(): Command {
  return temporalCommand('status', 'show how far a replay is, or list replays', 'rewind status replay-events --watch')
    .argument('[id]', 'id of the workflow; all replays where it is left out')
    .option('--watch', 'show progress until the job ends, then its result', false)
    .option('--limit <n>', 'how many replays to list', '20')
    .action(async (id: string | undefined, options: StatusOptions) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        if (id === undefined) return listReplays(client, options, output);
        if (options.watch) {
          const { taskQueue } = options;
          const result = await watchReplay(client, id, { progress: true, taskQueue, output });
          return output.result(result, resultLines(result));
        }
        const report = await statusOf(client, id);
        output.result(report, statusLines(report));
        const nobody =
          report.workflowStatus === 'RUNNING' ? await withoutWorkers(client, options.taskQueue) : undefined;
        if (nobody !== undefined) output.note(nobody);
      });
    });
}

async function listReplays(client: Client, options: StatusOptions, output: Output): Promise<void> {
  const replays: { workflowId: string; status: string; topic: string; replayTopic: string; startedAt: string }[] = [];
  const limit = Number(options.limit);
  for await (const { workflowId, status, startTime, memo } of client.workflow.list({
    query: 'WorkflowType = "replay"',
    pageSize: Math.min(limit, 100),
  })) {
    if (replays.length === limit) break;
    const text = (name: string): string => (typeof memo?.[name] === 'string' ? memo[name] : '');
    replays.push({
      workflowId,
      status: status.name.toLowerCase().replace('_', ' '),
      topic: text('topic'),
      replayTopic: text('replayTopic'),
      startedAt: startTime.toISOString(),
    });
  }
  const workers = await workersOf(client, options.taskQueue);
  output.result({ taskQueue: options.taskQueue, workers, replays }, [
    `${workers} worker${workers === 1 ? '' : 's'} on the task queue ${options.taskQueue}`,
    ...(replays.length === 0
      ? ['no replays yet: rewind replay job.json']
      : columns([
          ['id', 'status', 'topic', 'replay topic', 'started'],
          ...replays.map((each) => [each.workflowId, each.status, each.topic, each.replayTopic, each.startedAt]),
        ])),
  ]);
}
