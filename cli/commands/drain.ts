import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import type { DrainInput } from '../../activities/drain/drain-input.ts';
import type { DrainReport } from '../../activities/drain/drain-report.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { groupedText } from '../../workflows/run/readable.ts';
import { ANSWER_LIMIT } from '../answer-limit.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { drainLines } from '../drain-lines.ts';
import { EXIT } from '../exit-code.ts';
import { inputOf } from '../job-of.ts';
import type { Output } from '../output.ts';
import { statusOf } from '../replay-status.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';
import { JOB_KINDS } from '../workflow-kind.ts';

type DrainOptions = CommonOptions & { group: string; watch: boolean; commit: boolean };

/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 5_000;

/** `rewind drain ID --group G`: how far a group is with the replay topic, and how it goes on when it is done. */
export function drainCommand(): Command {
  return temporalCommand(
    'drain',
    'show how far a consumer group is with a replay topic, and how it goes on in the live one',
    'rewind drain replay-events --group billing --watch',
  )
    .argument('<id>', 'id of the replay')
    .requiredOption('--group <group>', 'consumer group that reads the replay topic')
    .option('--watch', 'look again until the topic is drained', false)
    .option('--commit', 'when it is drained, commit where the group goes on in the live topic', false)
    .action(async (id: string, options: DrainOptions) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        const report = await lookUntilDrained(client, id, options, output);
        output.result(report, drainLines(report));
        refuseUndone(report, id, options);
      });
    });
}

async function lookUntilDrained(
  client: Client,
  id: string,
  options: DrainOptions,
  output: Output,
): Promise<DrainReport> {
  let shown = '';
  for (;;) {
    const report = await look(client, await inputFor(client, id, options), options, output);
    if (!options.watch || (report.drained && !report.unfinished)) return report;
    const line = `${report.group}: ${groupedText(report.left)} offsets left${report.unfinished ? ', and the replay goes on' : ''}`;
    if (line !== shown) output.note(line);
    shown = line;
    await sleep(LOOK_EVERY_MS);
  }
}

async function look(
  client: Client,
  input: DrainInput,
  { taskQueue }: DrainOptions,
  output: Output,
): Promise<DrainReport> {
  const workflowId = `drain-${input.replayTopic}-${randomUUID()}`;
  await client.workflow.start('drain', {
    args: [input],
    taskQueue,
    workflowId,
    memo: { kind: 'drain' },
    workflowExecutionTimeout: ANSWER_LIMIT,
  });
  return watchReplay<DrainReport>(client, workflowId, { progress: false, output, kind: 'drain' });
}

/** What the replay itself tells: its topic, and where the live one goes on. */
async function inputFor(client: Client, id: string, { group, commit }: DrainOptions): Promise<DrainInput> {
  const report = await statusOf(client, id);
  if (!JOB_KINDS.includes(report.kind))
    throw new CommandError(EXIT.usage, `${id} is no replay (${report.kind}).`, 'rewind status lists the replays.');
  const { connections } = await inputOf(client, client.workflow.getHandle(id));
  const result = report.result as ReplayResult | undefined;
  const replayTopic = result?.replayTopic ?? report.replayTopic;
  if (replayTopic === undefined)
    throw new CommandError(
      EXIT.usage,
      `${id} has no replay topic${report.kind === 'offsets' ? ': it commits offsets only' : ' yet'}.`,
      `rewind status ${id} shows how far it is.`,
    );
  const live = result && liveOf(result);
  const kafka = (connections as { kafka?: unknown } | undefined)?.kafka;
  return {
    replayTopic,
    group,
    ...(typeof kafka === 'string' && { connections: { kafka } }),
    unfinished: result === undefined,
    ...(live !== undefined && { live }),
    commit,
  };
}

/** Undefined where the job named no group, or its offsets are those of Kafka 0.7. */
function liveOf({ topic, job, offsets, remarks, endedAt }: ReplayResult): DrainInput['live'] {
  const numbered = offsets.offsets.every(({ partition }) => /^\d+$/.test(partition));
  if (offsets.offsets.length === 0 || !numbered) return undefined;
  const more = remarks.flatMap((remark) => /^offsets of (\d+) more partitions are not listed/.exec(remark)?.[1] ?? []);
  return {
    topic,
    job,
    offsets: offsets.offsets.map(({ partition, offset }) => ({ partition: Number(partition), offset })),
    more: Number(more[0] ?? 0),
    ...(offsets.group !== undefined &&
      endedAt !== undefined &&
      ['committed', 'already'].includes(offsets.kafka) && { waiting: { group: offsets.group, since: endedAt } }),
  };
}

function refuseUndone(
  { drained, unfinished, group, replayTopic, live }: DrainReport,
  id: string,
  options: DrainOptions,
): void {
  if (!drained || unfinished)
    throw new CommandError(
      EXIT.failed,
      drained
        ? `The replay ${id} has not ended well yet: more may come into ${replayTopic}.`
        : `${group} has not drained ${replayTopic}.`,
      `rewind drain ${id} --group ${group} --watch looks until it has.`,
    );
  if (options.commit && live === undefined)
    throw new CommandError(
      EXIT.failed,
      `Nothing was committed: the replay ${id} has no offsets of the live topic.`,
      'Name the group in offsets.group of the job, and commit them by rewind offsets job.json.',
    );
  if (!options.commit && live !== undefined && live.problems.length > 0)
    throw new CommandError(
      EXIT.failed,
      `${group} has drained ${replayTopic}, and can't go on in ${live.topic} without a gap or an overlap.`,
      'Each problem is named above; docs/runbook.md has the ways on.',
    );
}
