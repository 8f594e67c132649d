import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { RecoveredRuns } from '../../activities/archive/steps.ts';
import { endedByCancelling } from '../run/ended-by-cancelling.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { archiveStepsOf, validateArchive } from './steps-of.ts';

/** Finishes what a run of this archive had decided, and throws away what none had; archives nothing itself. */
export async function finishArchive(input: unknown): Promise<RecoveredRuns> {
  const job = await validateArchive.executeWithOptions({ summary: 'input, connections' }, [
    { input, id: jobId(), scheduledAt: scheduledAt() },
  ]);
  try {
    return await archiveStepsOf(job).recoverArchive.executeWithOptions({ summary: job.exec }, [{ job }]);
  } catch (error) {
    const cancelled = CancellationScope.current().consideredCancelled && !isCancellation(error);
    if (!cancelled || !endedByCancelling(error)) throw error;
    throw new CancelledFailure('finishing was cancelled', undefined, error as Error);
  }
}
