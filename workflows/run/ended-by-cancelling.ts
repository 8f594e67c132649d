import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';

/**
 * Whether a step ended because it was cancelled: as cancelled, or by a failure that would have been tried again if it
 * hadn't been. Temporal tries nothing again that is to be cancelled, so that a worker that dies with such a step, or a
 * broker that is away at that moment, would else fail the job. A failure that is final stays one.
 */
export function endedByCancelling(error: unknown): boolean {
  if (isCancellation(error)) return true;
  if (!(error instanceof ActivityFailure) || error.retryState !== 'CANCEL_REQUESTED') return false;
  return !(error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true);
}
