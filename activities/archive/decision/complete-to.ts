import type { AcceptedPartition } from './accept-ranges.ts';

/**
 * Time up to which a partition is archived, in ms since 1970: what was in its log when the run was planned, or up to the
 * newest record taken where the run stopped before that, or an open transaction held it back. Records of earlier times may
 * still come late. Undefined where the run didn't look at the partition, or took nothing though there was something.
 */
export function completeTo(
  { partition, next, ranges }: Pick<AcceptedPartition, 'partition' | 'next' | 'ranges'>,
  plannedAt: number,
): number | undefined {
  if (partition.leaderAddress === undefined) return undefined;
  if (next >= BigInt(partition.latest)) return plannedAt;
  let newest: number | undefined;
  for (const { lastTime } of ranges) if (lastTime !== undefined) newest = Math.max(newest ?? lastTime, lastTime);
  return newest === undefined ? undefined : Math.min(newest, plannedAt);
}

/** The same by topic: of its partitions the earliest. A topic of which it is not known of one of them is left out. */
export function completeByTopic(
  partitions: Iterable<{ topic: string; complete?: number | undefined }>,
): Map<string, number> {
  const times = new Map<string, number>();
  for (const { topic, complete = -Infinity } of partitions)
    times.set(topic, Math.min(times.get(topic) ?? complete, complete));
  for (const [topic, time] of times) if (time === -Infinity) times.delete(topic);
  return times;
}
