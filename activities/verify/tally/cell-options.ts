import type { VerifyJob } from '../job/verify-job.ts';
import type { TargetPlan } from '../verify-plan.ts';
import type { CellOptions } from './cells.ts';

export function cellOptions({ settings }: Pick<VerifyJob, 'settings'>, { comparison }: TargetPlan): CellOptions {
  const { partitioned, bucketed, content } = comparison;
  return {
    bucketMs: settings.bucketMinutes * 60_000,
    partitioned,
    bucketed,
    sample: content === 'none' ? 1 : settings.sample,
  };
}
