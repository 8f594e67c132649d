import type { Dependencies } from '../../dependencies.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { assertCommittable } from './commit-to-kafka.ts';
import { previewInZooKeeper } from './commit-to-zookeeper.ts';

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
