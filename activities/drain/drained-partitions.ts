import type { GroupDescription, TopicDescription } from '../../connections/kafka/admin/admin-port.ts';
import type { LastRecord } from '../../connections/kafka/read/read-port.ts';
import type { DrainedPartition } from './drain-report.ts';

/**
 * Each partition's last committed record against the offset of the group. A consumer that has read that record may stand
 * right behind it, or behind the markers and aborted records that follow: both are drained. A log of which nothing is left
 * is drained only by a group that had come to where it begins now: what was deleted before that, it never got.
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
    // Beyond the end is where a group stood in an earlier topic of this name: of this one it has read nothing.
    const foreign = at !== undefined && at > latest;
    const from = at === undefined || foreign || at < earliest ? earliest : at;
    const read = at ?? 0n;
    const deleted = drainedAt === undefined && read < earliest ? earliest - read : 0n;
    const left = drainedAt === undefined || drainedAt <= from ? deleted : drainedAt - from;
    return {
      partition,
      committed: at === undefined ? undefined : String(at),
      drainedAt: drainedAt === undefined ? undefined : String(drainedAt),
      end: String(latest),
      left: String(left),
      drained: !foreign && (drainedAt === undefined ? deleted === 0n : at !== undefined && at >= drainedAt),
    };
  });
}

/** What the group can't get any more, or never had. */
export function lostToGroup(
  { topic, partitions }: Pick<TopicDescription, 'topic' | 'partitions'>,
  { group, offsets }: Pick<GroupDescription, 'group' | 'offsets'>,
): string[] {
  const committed = new Map(offsets.map(({ partition, offset }) => [partition, offset]));
  return partitions.flatMap(({ partition, ...log }) => {
    const offset = committed.get(partition);
    if (offset === undefined)
      return log.earliest === 0n
        ? []
        : [
            `${topic}-${partition}: the log begins at ${log.earliest}, and ${group} has no offset there: nothing tells whether it has read what was deleted. Replay into a new topic without retention; or, where it has, set its offset to ${log.earliest}`,
          ];
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
