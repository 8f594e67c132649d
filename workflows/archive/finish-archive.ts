import type { RecoveredRuns } from '../../activities/archive/steps.ts';
import { cancellationOf } from '../run/ended-by-cancelling.ts';
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
    throw cancellationOf(error, 'finishing was cancelled') ?? error;
  }
}
