import type { AdminPort } from '../../connections/kafka/admin/admin-port.ts';
import type { ParsedDrainInput } from './drain-input.ts';
import type { WaitingGroup } from './drain-report.ts';

/** With less than this part of its time left, a group is warned of. */
const LATE = 1 / 3;

/** The group for which the replay has committed the live topic's offsets, as it stands now. */
export async function waitingGroup(
  kafka: AdminPort,
  { topic, offsets, waiting }: NonNullable<ParsedDrainInput['live']>,
  retentionMinutes: number | undefined,
): Promise<WaitingGroup | undefined> {
  if (waiting === undefined) return undefined;
  const { members, offsets: committed } = await kafka.describeGroup(waiting.group, topic);
  const at = new Map(committed.map(({ partition, offset }) => [partition, offset]));
  const there = offsets.every(({ partition, offset }) => (at.get(partition) ?? -1n) >= BigInt(offset));
  const expires = retentionMinutes === undefined ? undefined : Date.parse(waiting.since) + retentionMinutes * 60_000;
  const expiresAt = members > 0 || !there || expires === undefined ? undefined : new Date(expires).toISOString();
  return { group: waiting.group, members, there, expiresAt };
}

/** What must be done before it is too late, or because it is. `now` in ms since 1970. */
export function waitingWarnings(
  waiting: WaitingGroup | undefined,
  now: number,
  retentionMinutes: number | undefined,
): string[] {
  if (waiting === undefined) return [];
  const { group, there, expiresAt } = waiting;
  const again = 'the same job by rewind offsets, with offsets.existing "overwrite", commits them again';
  if (!there)
    return [
      `${group} has not all the offsets that the replay committed: Kafka forgot them, or somebody moved it; ${again}`,
    ];
  if (expiresAt === undefined || retentionMinutes === undefined) return [];
  const left = Date.parse(expiresAt) - now;
  if (left > retentionMinutes * 60_000 * LATE) return [];
  return [`${group} waits without a consumer, and Kafka forgets its offsets from ${expiresAt} on; ${again}`];
}
