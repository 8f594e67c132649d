import type { ValidateJobInput } from '../replay/steps.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import type { ArchivePlan } from './plan/archive-plan.ts';
import type * as step from './steps.ts';

/** The steps of an archive, as the workflow calls them. Names are what an operator reads in the Web UI. */
export interface ArchiveActivities {
  validateArchive(input: ValidateJobInput): Promise<ArchiveJob>;
  describeArchive(input: ValidateJobInput): Promise<ArchivePlan>;
  recoverArchive(input: step.ArchiveStepInput): Promise<step.RecoveredRuns>;
  planArchive(input: step.ArchiveStepInput): Promise<step.PlannedRun>;
  pullArchive(input: step.PullInput): Promise<step.PulledRanges>;
  decideArchive(input: step.DecideInput): Promise<step.DecidedRun>;
  placeArchive(input: step.ArchiveStepInput): Promise<step.PlacedRun>;
  auditArchive(input: step.ArchiveStepInput): Promise<step.PostedCounts>;
  tidyArchive(input: step.TidyInput): Promise<step.TidiedArchive>;
  discardArchive(input: step.DiscardInput): Promise<void>;
}
