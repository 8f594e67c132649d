import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { ArchiveActivities } from '../../activities/archive/archive-activities.ts';
import type { ArchiveJob } from '../../activities/archive/job/archive-job.ts';
import { longSteps, quickSteps, stepsOn } from '../run/steps-on.ts';

export type ArchiveSteps = ActivityInterfaceFor<ArchiveActivities>;

export const { validateArchive } = quickSteps<ArchiveActivities>();

/** Asks about all topics. */
export const { describeArchive } = longSteps<ArchiveActivities>();

/** Pulling is decoding's kind of load, and goes where that goes. */
export function archiveStepsOf({ tuning }: Pick<ArchiveJob, 'tuning'>): ArchiveSteps {
  return stepsOn<ArchiveActivities>(tuning, { pullArchive: tuning.decodeTaskQueue });
}
