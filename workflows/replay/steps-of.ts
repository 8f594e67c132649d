import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type { ReplayActivities } from '../../activities/replay/replay-activities.ts';
import { longSteps, quickSteps, stepsOn } from '../run/steps-on.ts';

export type Steps = ActivityInterfaceFor<ReplayActivities>;

export const { validateJob, removeStaging } = quickSteps<ReplayActivities>();

/** Lists a whole archive. */
export const { planReplay } = longSteps<ReplayActivities>();

/** Decoding and publishing may have a task queue of their own. */
export function stepsOf({ tuning }: Pick<ReplayJob, 'tuning'>): Steps {
  const { decodeTaskQueue: decode, publishTaskQueue: publish } = tuning;
  return stepsOn<ReplayActivities>(tuning, {
    decodeAndSort: decode,
    mergePass: decode,
    mergePublish: publish,
    publishWindows: publish,
    stageSplit: decode,
    mergeWindowPass: decode,
    publishStaged: publish,
  });
}
