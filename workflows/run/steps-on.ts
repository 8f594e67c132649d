import { proxyActivities, type ActivityInterfaceFor, type RetryPolicy } from '@temporalio/workflow';

/** Trying again is for as long as it takes: somebody repairs a cluster meanwhile. Final errors say so themselves. */
const RETRY: RetryPolicy = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' };

/** Steps that know no job, and so no settings of the worker: those of a quick step. */
export function quickSteps<Activities>(): ActivityInterfaceFor<Activities> {
  return proxyActivities({ startToCloseTimeout: '5 minutes', heartbeatTimeout: '30 seconds', retry: RETRY });
}

/** Steps that know no job, and may take a while. */
export function longSteps<Activities>(): ActivityInterfaceFor<Activities> {
  return proxyActivities({ startToCloseTimeout: '24 hours', heartbeatTimeout: '30 seconds', retry: RETRY });
}

/**
 * The steps of a job. Every step heartbeats, so a dead worker is noticed after `heartbeatTimeoutMs`; the limit on a
 * whole attempt is only for one that hangs and heartbeats. Cancelling waits until the attempt has committed what it
 * has in hand.
 *
 * @param queues task queues of steps that have one of their own; the others run on that of the workflow
 */
export function stepsOn<Activities extends object>(
  { heartbeatTimeoutMs }: { heartbeatTimeoutMs: number },
  queues: Partial<Record<keyof Activities, string | undefined>>,
): ActivityInterfaceFor<Activities> {
  const on = (taskQueue: string | undefined): ActivityInterfaceFor<Activities> =>
    proxyActivities<Activities>({
      startToCloseTimeout: '24 hours',
      heartbeatTimeout: heartbeatTimeoutMs,
      retry: RETRY,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      ...(taskQueue !== undefined && { taskQueue }),
    });
  const usual = on(undefined);
  return new Proxy(usual, {
    get: (_, name) => {
      const step = name as keyof Activities;
      return (queues[step] === undefined ? usual : on(queues[step]))[step];
    },
  });
}
