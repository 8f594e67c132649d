import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';

/**
 * Fails a workflow that was bundled with another copy of Temporal's SDK than the worker runs: its tasks would fail for
 * ever, and the job stay `Running`. A worker with Rewind's plugin finds that when it starts; others know only here.
 *
 * @throws ApplicationFailure 'rewind.two-temporal-sdks', final
 */
export function assertOneSdk(): void {
  // The scope comes from the worker's copy, the class from the one in the bundle.
  if (CancellationScope.current() instanceof CancellationScope) return;
  throw ApplicationFailure.nonRetryable(
    'This worker has bundled its workflows with a second copy of @temporalio/workflow. Install one version of all of Temporal\'s packages: "npm ls @temporalio/workflow" shows those that there are.',
    'rewind.two-temporal-sdks',
  );
}
