import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { RangesJob } from '../../activities/ranges/job/ranges-job.ts';
import type { RangesActivities } from '../../activities/ranges/ranges-activities.ts';
import { longSteps, quickSteps, stepsOn } from '../run/steps-on.ts';

export type RangesSteps = ActivityInterfaceFor<RangesActivities>;

export const { validateRanges } = quickSteps<RangesActivities>();

/** Asks about all partitions. */
export const { describeRanges } = longSteps<RangesActivities>();

/** Functions of the user's own are decoding's kind of load, and go where that goes; the job says how they are tried again. */
export function rangesStepsOf({ tuning, retry }: Pick<RangesJob, 'tuning' | 'retry'>): RangesSteps {
  const usual = stepsOn<RangesActivities>(tuning, {});
  const { runRange, finishRanges } = proxyActivities<RangesActivities>({
    startToCloseTimeout: '24 hours',
    heartbeatTimeout: tuning.heartbeatTimeoutMs,
    retry: {
      initialInterval: retry.initialSeconds * 1000,
      backoffCoefficient: 2,
      maximumInterval: retry.maximumSeconds * 1000,
    },
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    ...(tuning.decodeTaskQueue !== undefined && { taskQueue: tuning.decodeTaskQueue }),
  });
  const { planRanges, moveOffsets, cleanRanges } = usual;
  return { validateRanges, describeRanges, planRanges, runRange, finishRanges, moveOffsets, cleanRanges };
}
