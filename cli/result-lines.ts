import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { bytesText, counted, durationText, groupedText } from '../workflows/run/readable.ts';
import { nextCommands } from './next-commands.ts';
import { columns, fields } from './output.ts';
import { recordTimeText } from './record-time.ts';

/** A result, and the commands that come next. */
export function resultAndNext(result: ReplayResult, id?: string): string[] {
  const next = nextCommands(result, id);
  return [...resultLines(result), ...(next.length === 0 ? [] : ['', ...next])];
}

/** A result for a person: what was published, up to where consumers drain it, and where they go on. */
export function resultLines(result: ReplayResult): string[] {
  const { records, offsets } = result;
  const ifAny = (count: number): string | undefined => (count > 0 ? groupedText(count) : undefined);
  return [
    ...fields([
      ['job', result.job],
      ['topic', result.topic],
      ['replay topic', result.replayTopic],
      ['files', `${groupedText(result.files)} (${bytesText(result.bytes)})`],
      ['records published', groupedText(records.published)],
      ['skipped', skippedText(records)],
      ['out of range', ifAny(records.outOfRange)],
      ['filtered', ifAny(records.filtered)],
      ['clamped times', ifAny(records.clampedTimes)],
      ['record times', timesText(result)],
      ['group', offsets.group],
      ['offsets', offsets.group && `ZooKeeper: ${offsets.zookeeper}, Kafka: ${offsets.kafka}`],
      ['groups', offsets.groups && groupsText(offsets.groups)],
      ['took', tookText(result)],
    ]),
    ...result.leftOut.map(({ reason, files }) => `left out: ${counted(files, 'file')}, ${reason}`),
    ...replayedLines(result),
    ...(offsets.offsets.length === 0
      ? []
      : [
          '',
          `the group goes on in ${result.topic} from:`,
          ...columns([
            ['partition', 'offset', 'earliest', 'latest'],
            ...offsets.offsets.map(({ partition, offset, earliest, latest }) => [
              partition,
              offset,
              earliest ?? '',
              latest ?? '',
            ]),
          ]),
        ]),
    ...(result.remarks.length === 0 ? [] : ['', ...result.remarks.map((remark) => `note: ${remark}`)]),
  ];
}

/** Groups whose offsets were translated, and what became of each. */
function groupsText({ listed, more }: NonNullable<ReplayResult['offsets']['groups']>): string {
  const each = listed.map(({ group, status, partitions }) => `${group} ${status} (${partitions} partitions)`);
  return `${each.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The replay topic, partition by partition: consumers have drained it when they are past the last offsets. */
function replayedLines({ replayTopic, partitions, morePartitions }: ReplayResult): string[] {
  if (replayTopic === undefined || partitions.length === 0) return [];
  return [
    '',
    `${replayTopic} is drained when a consumer is past the last offset of each partition:`,
    ...columns([
      ['partition', 'records', 'first offset', 'last offset', 'aborted'],
      ...partitions.map((each) => [
        String(each.partition),
        groupedText(each.records),
        each.firstOffset ?? 'none',
        each.lastOffset ?? 'none',
        groupedText(each.aborted),
      ]),
    ]),
    ...(morePartitions > 0 ? [`${groupedText(morePartitions)} more partitions`] : []),
  ];
}

function timesText({ firstTime, lastTime, timeUnit }: ReplayResult): string | undefined {
  if (firstTime === undefined) return undefined;
  return `${recordTimeText(firstTime, timeUnit)} to ${lastTime === undefined ? '' : recordTimeText(lastTime, timeUnit)}`;
}

/** From the beginning of the job, whichever run it was in; the seconds of the steps are those of the last run. */
function tookText({ startedAt, endedAt, steps }: ReplayResult): string {
  const working = Object.values(steps).reduce((sum, step) => sum + step.seconds, 0);
  if (startedAt === undefined || endedAt === undefined) return durationText(working);
  return `${durationText((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}, from ${startedAt} to ${endedAt}`;
}

/** What nothing counts is estimated: a number that is one says so. */
function skippedText({
  skipped,
  skippedBy = {},
  skippedEstimated = 0,
}: Partial<ReplayResult['records']>): string | undefined {
  const faults = Object.keys(skippedBy);
  if (skipped === undefined || (skipped === 0 && faults.length === 0)) return undefined;
  if (skipped === 0) return `0, though files are damaged (${faults.join(', ')}): see the errors folder`;
  return `${groupedText(skipped)}${skippedEstimated > 0 ? `, ${groupedText(skippedEstimated)} of them estimated by bytes` : ''}`;
}
