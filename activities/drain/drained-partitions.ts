import type { GroupDescription, TopicDescription } from '../../connections/kafka/admin/admin-port.ts';
import type { LastRecord } from '../../connections/kafka/read/read-port.ts';
import type { DrainedPartition } from './drain-report.ts';

/**
 * Each partition's last committed record against the offset of the group. A consumer that has read that record may stand
 * right behind it, or behind the markers and aborted records that follow: both are drained.
 */
export function drainedPartitions(
  { partitions }: Pick<TopicDescription, 'partitions'>,
  last: readonly (Pick<LastRecord, 'offset'> | undefined)[],
  { offsets }: Pick<GroupDescription, 'offsets'>,
): DrainedPartition[] {
  const committed = new Map(offsets.map(({ partition, offset }) => [partition, offset]));
  return partitions.map(({ partition, earliest, latest }) => {
    const at = committed.get(partition);
    const record = last[partition];
    const drainedAt = record === undefined ? undefined : record.offset + 1n;
    const from = at === undefined || at < earliest ? earliest : at;
    const left = drainedAt === undefined || drainedAt <= from ? 0n : drainedAt - from;
    return {
      partition,
      committed: at === undefined ? undefined : String(at),
      drainedAt: drainedAt === undefined ? undefined : String(drainedAt),
      end: String(latest),
      left: String(left),
      drained: drainedAt === undefined || (at !== undefined && at >= drainedAt),
    };
  });
}

/** What the group can't get any more, or never had. */
export function lostToGroup(
  { topic, partitions }: Pick<TopicDescription, 'topic' | 'partitions'>,
  { group, offsets }: Pick<GroupDescription, 'group' | 'offsets'>,
): string[] {
  const ends = new Map(partitions.map((each) => [each.partition, each]));
  return offsets.flatMap(({ partition, offset }) => {
    const log = ends.get(partition);
    if (log === undefined) return [];
    if (offset < log.earliest)
      return [
        `${topic}-${partition}: ${group} stands at ${offset}, and the log begins at ${log.earliest}: records ${offset} to ${log.earliest - 1n} were deleted before they were read. Replay into a new topic without retention`,
      ];
    if (offset > log.latest)
      return [
        `${topic}-${partition}: ${group} stands at ${offset}, beyond the end ${log.latest} of the log: the offset is of an earlier topic of this name. Reset the group, and drain again`,
      ];
    return [];
  });
}
