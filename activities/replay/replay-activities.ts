import type { ReplayJob } from './job/replay-job.ts';
import type { ReplayPlan } from './plan/replay-plan.ts';
import type * as step from './steps.ts';

/** The steps of a replay, as the workflow calls them. Names are what an operator reads in the Web UI. */
export interface ReplayActivities {
  validateJob(input: step.ValidateJobInput): Promise<ReplayJob>;
  planReplay(input: step.ValidateJobInput): Promise<ReplayPlan>;
  readOffsets(input: step.StepInput): Promise<step.PinnedOffsetsSummary>;
  listFiles(input: step.StepInput): Promise<step.FileListing>;
  claimReplayTopic(input: step.ClaimInput): Promise<step.ReplayTopicClaim>;
  decodeAndSort(input: step.DecodeInput): Promise<step.DecodedSplit>;
  catalogueSorted(input: step.CatalogueInput): Promise<step.CatalogueSummary>;
  mergePass(input: step.MergePassInput): Promise<void>;
  mergePublish(input: step.PublishInput): Promise<step.PublishedSlice>;
  publishWindows(input: step.PublishWindowsInput): Promise<step.PublishedWindows>;
  /** `decodeAndSort`, `mergePass` and `mergePublish` of one window that is staged: older workers know none. */
  stageSplit(input: step.DecodeInput & { window: step.StagedWindow }): Promise<step.DecodedSplit>;
  catalogueWindow(input: step.CatalogueWindowInput): Promise<step.CatalogueSummary>;
  mergeWindowPass(input: step.MergePassInput & { window: step.StagedWindow }): Promise<void>;
  publishStaged(input: step.PublishInput & { window: step.StagedWindow }): Promise<step.PublishedSlice>;
  verifyReplay(input: step.VerifyInput): Promise<step.VerifiedReplay>;
  commitOffsets(input: step.CommitInput): Promise<step.CommittedOffsets>;
  cleanStaging(input: step.StepInput): Promise<void>;
  removeStaging(input: unknown): Promise<step.RemovedStaging>;
}
