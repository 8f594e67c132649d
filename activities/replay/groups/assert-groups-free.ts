import type { Dependencies } from '../../dependencies.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { isWithheld } from '../offsets/is-withheld.ts';
import { assertCommittable } from '../offsets/commit-to-kafka.ts';
import { asReplayed } from './commit-groups.ts';
import type { GroupOffsetsByName } from './stored-groups.ts';

/** Throws where the commit at the end of the job would be refused as the groups are now. Changes nothing. */
export async function assertGroupsFree(deps: Dependencies, job: ReplayJob, groups: GroupOffsetsByName): Promise<void> {
  if (isWithheld(job)) return;
  const kafka = deps.kafka(job.connections.kafka);
  for (const [group, next] of Object.entries(groups)) await assertCommittable(kafka, asReplayed(job), group, { next });
}
