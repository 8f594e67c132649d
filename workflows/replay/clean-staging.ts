import type { RemovedStaging } from '../../activities/replay/steps.ts';
import { removeStaging } from './steps-of.ts';

/**
 * Removes the staging of a job that has ended and will not be taken up again. The input is that of
 * activities/replay/remove-staging.ts: `{ job, topic, staging?, connections?, errors? }`.
 */
export async function cleanStaging(input: unknown): Promise<RemovedStaging> {
  return removeStaging.executeWithOptions({ summary: 'staging of a job that has ended' }, [input]);
}
