import type { ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import { jobId, scheduledAt } from '../run/job-identity.ts';
import { plannedInput } from '../run/planned-input.ts';
import { planReplay } from './steps-of.ts';

/** What a replay with this input would do; touches nothing. A type of its own, so that lists tell plans from jobs. */
export function replayPlan(input: unknown): Promise<ReplayPlan> {
  const summary = 'what the job would do; touches nothing';
  return planReplay.executeWithOptions({ summary }, [
    { input: plannedInput(input), id: jobId(), scheduledAt: scheduledAt() },
  ]);
}
