import type { Dependencies } from '../../dependencies.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { assertCommittable } from './commit-to-kafka.ts';
import { goesOnBehindRecords } from '../job/own-offsets.ts';
import { assertFreeInZooKeeper, previewInZooKeeper } from './commit-to-zookeeper.ts';
import { isWithheld } from './is-withheld.ts';

/**
 * Throws where the commit at the end of the job would be refused as things are now: the group has offsets that must
 * not be overwritten, or consumers that would write over what is committed. Changes nothing.
 */
export async function assertGroupFree(
  deps: Dependencies,
  job: ReplayJob,
  group: string,
  pins: PinnedOffsets,
): Promise<void> {
  if (job.offsets.kafka) await assertCommittable(deps.kafka(job.connections.kafka), job, group, pins);
  if (job.offsets.zookeeper)
    await previewInZooKeeper(await deps.zookeeper(job.connections.zookeeper), job, group, pins);
}

/**
 * The same where the offsets will be those of the records: which ones is known when all are sorted, whether any may be
 * committed before. A job that commits none, or whose offsets are known, passes.
 */
export async function assertGroupFreeForAny(deps: Dependencies, job: ReplayJob): Promise<void> {
  const { group, kafka, zookeeper } = job.offsets;
  if (group === undefined || !goesOnBehindRecords(job) || isWithheld(job)) return;
  if (kafka) await assertCommittable(deps.kafka(job.connections.kafka), job, group, { next: {} });
  if (zookeeper) await assertFreeInZooKeeper(await deps.zookeeper(job.connections.zookeeper), job, group);
}
