import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { VerifyJob } from '../../activities/verify/job/verify-job.ts';
import type { VerifyActivities } from '../../activities/verify/verify-activities.ts';
import { quickSteps, stepsOn } from '../run/steps-on.ts';

export type VerifySteps = ActivityInterfaceFor<VerifyActivities>;

export const { validateVerify } = quickSteps<VerifyActivities>();

/** Whatever reads records is decoding's kind of load, and goes where that goes. */
export function verifyStepsOf({ tuning }: Pick<VerifyJob, 'tuning'>): VerifySteps {
  const { decodeTaskQueue: decode } = tuning;
  return stepsOn<VerifyActivities>(tuning, { tallyTopic: decode, tallyArchive: decode, narrowVerify: decode });
}
