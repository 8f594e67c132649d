import type { ArchivePlan } from '../activities/archive/plan/archive-plan.ts';
import type { RangesOutlook } from '../activities/ranges/plan/ranges-outlook.ts';
import type { ReplayPlan } from '../activities/replay/plan/replay-plan.ts';

export type AnyPlan = ReplayPlan | ArchivePlan | RangesOutlook;

/** Whether a workflow has ended with a plan: one for a plan alone, or a job whose input has `plan`, which is of its own kind. */
export function isPlan(result: object): result is AnyPlan {
  return 'plan' in result;
}

export function isRangesOutlook(plan: AnyPlan): plan is RangesOutlook {
  // Archives' plans have counts of topics by name there, and replays' none.
  return 'topics' in plan && typeof plan.topics === 'number';
}

export function isArchivePlan(plan: AnyPlan): plan is ArchivePlan {
  return 'topics' in plan && typeof plan.topics !== 'number';
}
