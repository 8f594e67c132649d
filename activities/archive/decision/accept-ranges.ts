import type { PlannedPartition, PlannedPull, RunPlan } from '../plan/plan-file.ts';
import { partitionName } from '../../log/partition-name.ts';
import type { PulledRange } from '../pull/pull-report.ts';

/** How far a partition came in a run, without a hole. */
export interface AcceptedPartition {
  partition: PlannedPartition;
  /** Where the next run goes on. */
  next: bigint;
  /** The ranges that count, in the order of their offsets. */
  ranges: PulledRange[];
  /** What is wrong with it, where that is why it did not come to the end of what was planned. */
  problem: string | undefined;
}

/**
 * Takes of each partition the ranges from its start on that follow each other without a hole. A range that was cut
 * short ends it: what later ranges hold is left for the next run, which reads it again.
 *
 * @param left - topics of which nothing is to be taken, with the reason
 */
export function acceptRanges(
  plan: RunPlan,
  pulled: ReadonlyMap<string, PulledRange>,
  left: ReadonlyMap<string, string>,
): AcceptedPartition[] {
  const planned = rangesByPartition(plan.pulls);
  return plan.partitions.map((partition) => {
    const accepted: AcceptedPartition = { partition, next: BigInt(partition.start), ranges: [], problem: undefined };
    const reason = left.get(partition.topic);
    for (const { from, to } of planned.get(partitionName(partition.topic, partition.partition)) ?? []) {
      const range =
        reason === undefined ? pulled.get(rangeName(partition.topic, partition.partition, from)) : undefined;
      // A pull that was not begun in time, or that failed as a whole, has left nothing: the next run makes up for it.
      accepted.problem = reason;
      if (range === undefined || BigInt(range.from) !== accepted.next) break;
      accepted.ranges.push(range);
      accepted.next = BigInt(range.next);
      if (range.next === to) continue;
      if (range.cut?.why === 'problem') accepted.problem = range.cut.message;
      break;
    }
    return accepted;
  });
}

export function rangeName(topic: string, partition: number, from: string): string {
  return `${partitionName(topic, partition)}@${from}`;
}

function rangesByPartition(pulls: readonly PlannedPull[]): Map<string, { from: string; to: string }[]> {
  const byPartition = new Map<string, { from: string; to: string }[]>();
  for (const { ranges } of pulls)
    for (const range of ranges) {
      const name = partitionName(range.topic, range.partition);
      const known = byPartition.get(name);
      if (known === undefined) byPartition.set(name, [range]);
      else known.push(range);
    }
  for (const ranges of byPartition.values()) ranges.sort((a, b) => (BigInt(a.from) < BigInt(b.from) ? -1 : 1));
  return byPartition;
}
