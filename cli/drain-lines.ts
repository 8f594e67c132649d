import type { DrainReport, LiveOffsets } from '../activities/drain/drain-report.ts';
import { counted, groupedText } from '../workflows/run/readable.ts';
import { SERVER, word } from './kafka-commands.ts';
import { columns } from './output.ts';

/** How far a group is with a replay topic, for people; where it is done, how it goes on. */
export function drainLines(report: DrainReport): string[] {
  const { replayTopic, group, drained, unfinished, members, left, partitions, morePartitions } = report;
  const consumers = counted(members, 'consumer');
  return [
    drained
      ? `${group} has drained ${replayTopic}${unfinished ? ' as far as it goes, and the replay has not ended well yet' : ''} (${consumers})`
      : `${group} has ${groupedText(left)} offsets of ${replayTopic} before it (${consumers})`,
    ...columns([
      ['partition', 'committed', 'drained at', 'log end', 'left'],
      ...partitions.map((each) => [
        String(each.partition),
        each.committed ?? 'none',
        each.drainedAt ?? 'no record',
        each.end,
        each.drained ? 'drained' : groupedText(each.left),
      ]),
    ]),
    ...(morePartitions > 0 ? [`${groupedText(morePartitions)} more partitions`] : []),
    ...report.warnings.map((warning) => `warning: ${warning}`),
    ...(drained && !unfinished ? switchLines(report) : []),
  ];
}

function switchLines({ group, live, waiting }: DrainReport): string[] {
  if (live === undefined)
    return [
      '',
      'the replay has no offsets of the live topic (its job names no offsets.group): docs/runbook.md says where the group may go on',
    ];
  const { topic, problems, switched } = live;
  if (problems.length > 0)
    return ['', `${group} can't go on in ${topic}:`, ...problems.map((problem) => `  ${problem}`)];
  if (switched)
    return ['', `${group} stands at the replay's offsets of ${topic}: start its consumers on ${topic}, and no others`];
  if (waiting?.there === true && waiting.group !== group)
    return [
      '',
      `the switch: stop the consumers of ${group}, and start those of ${waiting.group} on ${topic}: it stands right behind the replay` +
        (waiting.expiresAt === undefined ? '' : `, and Kafka keeps that until ${waiting.expiresAt}`),
      `  kafka-consumer-groups.sh ${SERVER} --describe --group ${word(waiting.group)}`,
    ];
  return [
    '',
    `the switch: stop the consumers of ${group}, then move it to where ${topic} goes on, by rewind drain --commit or`,
    ...resetCommands(group, live),
    `then start them on ${topic}`,
  ];
}

function resetCommands(group: string, { topic, offsets }: LiveOffsets): string[] {
  return offsets.map(
    ({ partition, offset }) =>
      `  kafka-consumer-groups.sh ${SERVER} --reset-offsets --execute --group ${word(group)} --topic ${word(`${topic}:${partition}`)} --to-offset ${offset}`,
  );
}
