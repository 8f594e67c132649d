import { isGrpcServiceError, type Client } from '@temporalio/client';
import { Option, type Command } from 'commander';
import { listedSchedules, unpausing, type ListedSchedule } from '../../workers/listed-schedules.ts';
import { count } from '../byte-size.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { columns, type Output } from '../output.ts';
import { isSilent, statusOf } from '../replay-status.ts';
import { showResult } from '../show-result.ts';
import { statusLines } from '../status-lines.ts';
import { withoutWorkers, workersLine, workersOf } from '../task-queue.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';
import { kindOf, LISTED_KINDS, listQuery, WORKFLOW_KINDS, type WorkflowKind } from '../workflow-kind.ts';

type StatusOptions = CommonOptions & { watch: boolean; limit: number; kind?: WorkflowKind };

/** `rewind status [ID]`: one job, or the newest of all. */
export function statusCommand(): Command {
  return temporalCommand(
    'status',
    'show how far a job is, or list jobs and Schedules',
    'rewind status replay-events --watch',
  )
    .argument('[id]', 'id of the workflow; all jobs where it is left out')
    .option('--watch', 'show progress until the job ends, then its result', false)
    .option('--limit <n>', 'how many to list', count, 20)
    .addOption(
      new Option('--kind <kind>', 'list these alone (default: jobs, not plans and cleanings)').choices(WORKFLOW_KINDS),
    )
    .action(async (id: string | undefined, options: StatusOptions) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        if (id === undefined) return list(client, options, output);
        const report = await statusOf(client, id);
        if (options.watch && LISTED_KINDS.includes(report.kind)) {
          const { kind } = report;
          const result = await watchReplay<object>(client, id, { progress: true, output, kind });
          return showResult(output, id, kind, result);
        }
        output.result(report, statusLines(report));
        if (report.workflowStatus !== 'RUNNING') return;
        const nobody = await withoutWorkers(client, report.taskQueue, isSilent(report));
        if (nobody !== undefined) output.note(nobody);
      });
    });
}

interface Listed {
  workflowId: string;
  kind: WorkflowKind;
  status: string;
  topic: string;
  replayTopic: string;
  startedAt: string;
}

/** Temporal's list holds plans among replays: so many entries are looked at for each that is listed. */
const LOOKED_AT = 50;

async function list(client: Client, { limit, kind, taskQueue }: StatusOptions, output: Output): Promise<void> {
  const kinds = kind === undefined ? LISTED_KINDS : [kind];
  const workflows: Listed[] = [];
  let looked = 0;
  for await (const described of client.workflow.list({ query: listQuery(kinds), pageSize: Math.min(limit, 100) })) {
    if (workflows.length === limit || (looked += 1) > limit * LOOKED_AT) break;
    const { workflowId, status, startTime, memo } = described;
    const found = kindOf(described);
    if (found === undefined || !kinds.includes(found)) continue;
    const text = (name: string): string => (typeof memo?.[name] === 'string' ? memo[name] : '');
    workflows.push({
      workflowId,
      kind: found,
      status: status.name.toLowerCase().replace('_', ' '),
      topic: text('topic'),
      replayTopic: text('replayTopic'),
      startedAt: startTime.toISOString(),
    });
  }
  const workers = await workersOf(client, taskQueue);
  const schedules = kind === undefined ? await schedulesOf(client, output) : [];
  const { alive, last } = workers;
  const asked = { workers: alive, ...(last !== undefined && { lastAsked: last }) };
  output.result({ taskQueue, ...asked, workflows, ...(kind === undefined && { schedules }) }, [
    workersLine(taskQueue, workers),
    ...(workflows.length === 0
      ? [kind === undefined ? 'no replays yet: rewind replay job.json' : `nothing of the kind ${kind}`]
      : columns([
          ['id', 'kind', 'status', 'topic', 'replay topic', 'started'],
          ...workflows.map((each) => [
            each.workflowId,
            each.kind,
            each.status,
            each.topic,
            each.replayTopic,
            each.startedAt,
          ]),
        ])),
    ...scheduleLines(schedules),
  ]);
}

async function schedulesOf({ connection, options }: Client, output: Output): Promise<ListedSchedule[]> {
  try {
    return await listedSchedules(connection, options.namespace);
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    output.note(`Schedules can't be listed: ${error.details}`);
    return [];
  }
}

/** What starts jobs again and again, and what does so no more. */
function scheduleLines(schedules: readonly ListedSchedule[]): string[] {
  if (schedules.length === 0) return [];
  return [
    '',
    ...columns([
      ['schedule', 'starts', 'state', 'last', 'next'],
      ...schedules.map(({ scheduleId, workflow, paused, note, last, next }) => [
        scheduleId,
        workflow,
        paused ? `PAUSED${note === '' ? '' : `: ${note}`}` : 'active',
        last ?? 'never',
        next ?? '',
      ]),
    ]),
    ...schedules.filter(({ paused }) => paused).map((each) => `to go on: ${unpausing(each)}`),
  ];
}
