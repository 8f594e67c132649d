import type { ListedRange, PartitionOutlook, RangesOutlook } from '../activities/ranges/plan/ranges-outlook.ts';
import type { RangesProgress } from '../workflows/ranges/ranges-progress.ts';
import type { RangesResult } from '../workflows/ranges/ranges-result.ts';
import { bytesText, counted, groupedText, limitText } from '../workflows/run/readable.ts';
import { columns } from './output.ts';
import { bar } from './progress-bar.ts';

/** One line about how far a job of ranges is. */
export function rangesLine(progress: RangesProgress | undefined): string {
  if (progress === undefined) return 'checking the input';
  const { step, status, ranges, records, recordsPerSecond } = progress;
  const name = status === 'running' ? step : `${step}, ${status}`;
  if (step !== 'run' || ranges.total === 0) return name;
  const rate = recordsPerSecond === undefined ? '' : `${groupedText(recordsPerSecond)}/s`;
  return [name, bar(ranges.done, ranges.total), counted(records, 'record'), rate].filter(Boolean).join('  ');
}

/** Fields of a status, for people. */
export function rangesFields(progress: RangesProgress): [string, string | undefined][] {
  const { groups, ranges, records, bytes, rate } = progress;
  return [
    ['groups', groups.join(', ')],
    ['ranges', ranges.total === 0 ? undefined : `${groupedText(ranges.done)} of ${groupedText(ranges.total)}`],
    ['records', `${groupedText(records)} (${bytesText(bytes)})`],
    ['limit', limitText(rate)],
  ];
}

/** What a job has done, for people. */
export function rangesResultLines(result: RangesResult): string[] {
  const { ranges, records, bytes, topics, left, groups, finished, offsetsLeft } = result;
  const leftText = Object.entries(left).map(([reason, count]) => `${groupedText(count)} ${reason}`);
  return [
    ranges === 0
      ? `nothing new in ${counted(topics, 'topic')}`
      : `${counted(records, 'record')} (${bytesText(bytes)}) in ${counted(ranges, 'range')} of ${counted(topics, 'topic')}`,
    ...(result.wentOnWith === null ? [] : [`went on with the plan of ${result.wentOnWith}`]),
    ...(leftText.length === 0 ? [] : [`left out: ${leftText.join(', ')}`]),
    ...(offsetsLeft === '0' ? [] : [`left for the next job: ${counted(offsetsLeft, 'offset')}`]),
    ...(finished === null ? [] : [`finished: ${JSON.stringify(finished).slice(0, 1000)}`]),
    ...groups.map(
      ({ group, partitions, topics: of, zookeeper, kafka }) =>
        `group ${group}: ${counted(partitions, 'offset')} of ${counted(of, 'topic')} (ZooKeeper: ${zookeeper}, Kafka: ${kafka})`,
    ),
    ...result.remarks.map((remark) => `note: ${remark}`),
  ];
}

/** What a job would do, for people. */
export function rangesPlanLines(plan: RangesOutlook): string[] {
  // Not looked at where all is planned.
  const consumed = (text: string): string[] => (plan.all ? [] : [text]);
  return [
    `${counted(plan.offsets, 'offset')} to read in ${counted(plan.topics, 'topic')}, about ${bytesText(plan.bytes)} of log, in ${counted(plan.ranges, 'range')}`,
    ...(plan.unfinished === undefined
      ? []
      : [`the job ${plan.unfinished} has begun and moved no offsets: the next one goes on with its plan`]),
    ...columns([
      ['partition', 'group', ...consumed('consumed'), 'from', 'to', 'end', 'ranges'],
      ...plan.partitions
        .slice(0, 20)
        .map((each) => [
          `${each.topic}-${each.partition}`,
          each.group,
          ...consumed(each.consumed ?? 'new'),
          each.from,
          each.to,
          each.stable,
          String(each.ranges),
        ]),
    ]),
    ...(plan.partitions.length > 20
      ? [`and ${plan.partitions.length - 20} more partitions; --json lists all ranges`]
      : []),
    ...plan.problems.map((problem) => `problem: ${problem}`),
    ...(plan.moreProblems > 0 ? [`and ${plan.moreProblems} more problems`] : []),
    ...plan.remarks.map((remark) => `note: ${remark}`),
  ];
}

/** All ranges of partitions, as the job cuts them. */
export function rangesOf(partitions: readonly PartitionOutlook[]): ListedRange[] {
  return partitions.flatMap((of) => {
    const { topic, partition, group, function: name, owner, ranges } = of;
    const [first, end, per] = [BigInt(of.from), BigInt(of.to), BigInt(of.perRange)];
    return Array.from({ length: ranges }, (_, number): ListedRange => {
      const from = first + per * BigInt(number);
      const to = number === ranges - 1 ? end : from + per;
      const id = `${topic}-${partition}-${from}-${to}-${owner}`;
      return { id, topic, partition, group, function: name, from: String(from), to: String(to) };
    });
  });
}
