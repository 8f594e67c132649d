import type { AdminPort } from '../../connections/kafka/admin/admin-port.ts';
import type { LiveOffsets } from './drain-report.ts';
import type { ParsedDrainInput } from './drain-input.ts';

/** Whether the group may go on in the live topic at the offsets of the replay, and whether it stands there already. */
export async function liveOffsets(
  kafka: AdminPort,
  group: string,
  { topic, offsets, more }: NonNullable<ParsedDrainInput['live']>,
): Promise<LiveOffsets> {
  const described = await kafka.describeTopic(topic);
  const there = described === undefined ? [] : (await kafka.describeGroup(group, topic)).offsets;
  const committed = new Map(there.map(({ partition, offset }) => [partition, offset]));
  const problems: string[] = [];
  if (described === undefined) problems.push(`the live topic ${topic} does not exist: create it as it was`);
  const logs = described?.partitions ?? [];
  for (const { partition, offset } of described === undefined ? [] : offsets) {
    const log = logs.find((each) => each.partition === partition);
    if (log === undefined) problems.push(`${topic} has no partition ${partition}`);
    else if (BigInt(offset) < log.earliest)
      problems.push(
        `${topic}-${partition}: offsets ${offset} to ${log.earliest - 1n} are neither in the replay nor in the live topic, which begins at ${log.earliest}`,
      );
    else if (BigInt(offset) > log.latest)
      problems.push(
        `${topic}-${partition}: offset ${offset} is beyond the end ${log.latest} of the live topic, which was made anew or has lost its end (docs/runbook.md)`,
      );
  }
  if (more > 0)
    problems.push(
      `the replay's result lists the offsets of ${offsets.length} partitions, and ${more} more are not known here: commit all of them by rewind offsets, with the group in offsets.group`,
    );
  const all = offsets.map(({ partition, offset }) => ({
    partition,
    offset,
    committed: committed.get(partition)?.toString(),
  }));
  const switched = all.length > 0 && more === 0 && all.every(({ offset, committed: at }) => at === offset);
  return { topic, offsets: all, switched, problems, commit: undefined };
}
