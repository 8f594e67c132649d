import type { ArchivePlan } from '../../activities/archive/plan/archive-plan.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { plannedInput } from '../run/planned-input.ts';
import { describeArchive } from './steps-of.ts';

/** What a run of an archive with this input would do; touches nothing. */
export function archivePlan(input: unknown): Promise<ArchivePlan> {
  const summary = 'what the archive would do; touches nothing';
  return describeArchive.executeWithOptions({ summary }, [
    { input: plannedInput(input), id: jobId(), scheduledAt: scheduledAt() },
  ]);
}
