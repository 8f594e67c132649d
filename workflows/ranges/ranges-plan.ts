import type { RangesOutlook } from '../../activities/ranges/plan/ranges-outlook.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { plannedInput } from '../run/planned-input.ts';
import { describeRanges } from './steps-of.ts';

/** What a job of ranges with this input would read; touches nothing. `plan` in the input may say what of it is told. */
export function rangesPlan(input: unknown): Promise<RangesOutlook> {
  const summary = 'what the job would do; touches nothing';
  return describeRanges.executeWithOptions({ summary }, [
    { input: plannedInput(input), id: jobId(), scheduledAt: scheduledAt() },
  ]);
}
