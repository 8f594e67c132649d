import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
} from '@temporalio/workflow';

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

/**
 * What a workflow ends with that was cancelled, where an error has come of that; undefined where it has another cause.
 *
 * @param message - of the cancellation, where the error is none itself
 */
export function cancellationOf(error: unknown, message: string): Error | undefined {
  if (isCancellation(error)) return error as Error;
  if (!CancellationScope.current().consideredCancelled || !endedByCancelling(error)) return undefined;
  return new CancelledFailure(message, undefined, error as Error);
}
