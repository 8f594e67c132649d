import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { ArchiveActivities } from '../../activities/archive/archive-activities.ts';
import type { ArchiveRun } from './pull-all.ts';

/** The data are in place: a topic that can't be written to must not keep the next run from archiving. */
const { auditArchive } = proxyActivities<ArchiveActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
});

/** Posts the counts of what was archived, where the job asks for it. Failing to do so undoes nothing. */
export async function auditCounts({ state, step }: ArchiveRun): Promise<void> {
  const { job } = state;
  const post = job.audit?.post;
  if (post === undefined) return;
  await step('audit', async () => {
    try {
      state.audited = await auditArchive.executeWithOptions({ summary: post.topic }, [{ job }]);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      state.audited = {
        problem: `The counts could not be posted to ${post.topic}: ${error.cause?.message ?? error.message}. What was archived is in place; the next run posts them`,
      };
    }
  });
}
