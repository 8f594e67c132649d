import { CancellationScope, patched } from '@temporalio/workflow';

/**
 * Whether the run was cancelled, so that nothing more of it is to be begun. Never so of one that an older release has
 * cancelled, which decided all the same where its steps had ended, and deleted its folder before all of them had.
 */
export function cancelledWhole(): boolean {
  return CancellationScope.current().consideredCancelled && patched('cancelled-whole');
}
