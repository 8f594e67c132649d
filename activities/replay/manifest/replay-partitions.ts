import { pinnedPartitions, type PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { JobError } from '../../step/job-error.ts';
import { tellsOffsets } from '../job/own-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { Refuse } from './refuse.ts';

/** What the listing found. */
interface Found {
  /** Largest partition that a name tells, or -1. */
  largest: number;
  /** The first file whose name tells none. */
  withoutPartition: string | undefined;
}

/** What else knows how many partitions the source topic has. */
interface Known {
  /** The topic itself, where it is there. */
  source: number | undefined;
  pins: PinnedOffsets | undefined;
  /** Largest partition of which some group's offset is to be translated, or -1: what has no record has a place to begin. */
  ofGroups: number;
}

/** Partitions that the replay topic gets. */
export function replayPartitions(
  job: ReplayJob,
  { largest, withoutPartition }: Found,
  { source, pins, ofGroups }: Known,
  refuse: Refuse,
): number {
  const { partitions, partitionCount } = job.output;
  if (partitions === 'one') return 1;
  if (partitions === 'key') return partitionCount ?? 1;
  const needed = Math.max(largest, ofGroups) + 1;
  const who = largest + 1 === needed ? 'the archive has records' : 'a group has an offset';
  const wrong = (message: string): void => refuse(new JobError('replay-topic-partitions', message));
  if (partitionCount !== undefined && partitionCount < needed)
    wrong(
      `output.partitionCount is ${partitionCount}, and ${who} of partition ${needed - 1}: expected at least ${needed}.`,
    );
  if (!tellsOffsets(job)) return Math.max(needed, partitionCount ?? source ?? 1, 1);
  const known = partitionCount ?? source ?? pinnedPartitions(pins);
  if (known === undefined && withoutPartition !== undefined)
    wrong(
      `How many partitions ${job.topic} has can't be told: there is no such topic, no history, and ${withoutPartition} tells no partition by its name. Set output.partitionCount.`,
    );
  return Math.max(needed, known ?? 1, 1);
}
