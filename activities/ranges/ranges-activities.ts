import type { ValidateJobInput } from '../replay/steps.ts';
import type { RangesJob } from './job/ranges-job.ts';
import type { RangesOutlook } from './plan/ranges-outlook.ts';
import type * as step from './steps.ts';

/** The steps of a job of ranges, as the workflow calls them. Names are what an operator reads in the Web UI. */
export interface RangesActivities {
  validateRanges(input: ValidateJobInput): Promise<RangesJob>;
  describeRanges(input: ValidateJobInput): Promise<RangesOutlook>;
  planRanges(input: step.RangesStepInput): Promise<step.PlannedRanges>;
  runRange(input: step.RangeInput): Promise<step.DoneRange>;
  finishRanges(input: step.RangesStepInput): Promise<step.FinishedRanges>;
  moveOffsets(input: step.RangesStepInput): Promise<step.MovedOffsets>;
  cleanRanges(input: step.RangesStepInput): Promise<void>;
}
