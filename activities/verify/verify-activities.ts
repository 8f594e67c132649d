import type { ValidateJobInput } from '../replay/steps.ts';
import type { VerifyJob } from './job/verify-job.ts';
import type {
  ArchiveSplitInput,
  DifferenceInput,
  PlannedVerify,
  ReconciledTarget,
  ReportedVerify,
  TalliedRecords,
  TargetInput,
  TopicRangeInput,
  VerifyStepInput,
} from './steps.ts';

/** Steps of the workflow `verify`; their names are in histories. */
export interface VerifyActivities {
  validateVerify(input: ValidateJobInput): Promise<VerifyJob>;
  planVerify(input: VerifyStepInput): Promise<PlannedVerify>;
  tallyTopic(input: TopicRangeInput): Promise<TalliedRecords>;
  boundTopics(input: TargetInput): Promise<void>;
  tallyArchive(input: ArchiveSplitInput): Promise<TalliedRecords>;
  reconcileVerify(input: TargetInput): Promise<ReconciledTarget>;
  narrowVerify(input: DifferenceInput): Promise<void>;
  reportVerify(input: VerifyStepInput): Promise<ReportedVerify>;
  cleanVerify(input: VerifyStepInput): Promise<void>;
}
