import { proxyActivities, type ActivityInterfaceFor, type RetryPolicy } from '@temporalio/workflow';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type { ReplayActivities } from '../../activities/replay/replay-activities.ts';

/** Trying again is for as long as it takes: somebody repairs a cluster meanwhile. Final errors say so themselves. */
const RETRY: RetryPolicy = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' };

export type Steps = ActivityInterfaceFor<ReplayActivities>;

/** Steps that know no job, and so no settings of the worker: those of a quick step. */
export const { validateJob, removeStaging } = proxyActivities<ReplayActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: RETRY,
});

/** Lists a whole archive, which may take a while. */
export const { planReplay } = proxyActivities<ReplayActivities>({
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '30 seconds',
  retry: RETRY,
});

/** Steps that may have a task queue of their own. */
const QUEUES: Partial<Record<keyof ReplayActivities, 'decode' | 'publish'>> = {
  decodeAndSort: 'decode',
  mergePass: 'decode',
  mergePublish: 'publish',
};

/**
 * Every step heartbeats, so a dead worker is noticed after `heartbeatTimeoutMs`; the limit on a whole attempt is only
 * for one that hangs and heartbeats. Cancelling waits until the attempt has committed what it has in hand.
 */
export function stepsOf({ tuning }: Pick<ReplayJob, 'tuning'>): Steps {
  const on = (taskQueue: string | undefined): Steps =>
    proxyActivities<ReplayActivities>({
      startToCloseTimeout: '24 hours',
      heartbeatTimeout: tuning.heartbeatTimeoutMs,
      retry: RETRY,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      ...(taskQueue !== undefined && { taskQueue }),
    });
  const queues = { usual: on(undefined), decode: on(tuning.decodeTaskQueue), publish: on(tuning.publishTaskQueue) };
  const stepOf = (step: keyof ReplayActivities): unknown => queues[QUEUES[step] ?? 'usual'][step];
  return new Proxy(queues.usual, { get: (_, step) => stepOf(step as keyof ReplayActivities) });
}
