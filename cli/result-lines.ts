import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { bytesText, durationText, groupedText } from '../workflows/run/readable.ts';
import { columns, fields } from './output.ts';

/** A result for a person: what was published, what consumers must know, and where they go on. */
export function resultLines(result: ReplayResult): string[] {
  const { records, offsets, partitions, steps } = result;
  const aborted = partitions.reduce((sum, partition) => sum + Number(partition.aborted), 0);
  const seconds = Object.values(steps).reduce((sum, step) => sum + step.seconds, 0);
  const lines = fields([
    ['job', result.job],
    ['topic', result.topic],
    ['replay topic', result.replayTopic],
    ['files', `${groupedText(result.files)} (${bytesText(result.bytes)})`],
    ['records published', groupedText(records.published)],
    ['skipped', records.skipped > 0 ? groupedText(records.skipped) : undefined],
    ['out of range', records.outOfRange > 0 ? groupedText(records.outOfRange) : undefined],
    ['filtered', records.filtered > 0 ? groupedText(records.filtered) : undefined],
    ['clamped times', records.clampedTimes > 0 ? groupedText(records.clampedTimes) : undefined],
    ['record times', result.firstTime && `${result.firstTime} to ${result.lastTime ?? ''}`],
    ['aborted records', aborted > 0 ? `${groupedText(aborted)}: read_uncommitted consumers see them too` : undefined],
    ['group', offsets.group],
    ['offsets', offsets.group && `ZooKeeper: ${offsets.zookeeper}, Kafka: ${offsets.kafka}`],
    ['took', durationText(seconds)],
  ]);
  for (const { reason, files } of result.leftOut) lines.push(`left out: ${groupedText(files)} files, ${reason}`);
  if (offsets.offsets.length > 0)
    lines.push(
      '',
      ...columns([
        ['partition', 'offset', 'earliest', 'latest'],
        ...offsets.offsets.map(({ partition, offset, earliest, latest }) => [
          partition,
          offset,
          earliest ?? '',
          latest ?? '',
        ]),
      ]),
    );
  if (result.remarks.length > 0) lines.push('', ...result.remarks.map((remark) => `note: ${remark}`));
  return lines;
}
