import type { WorkflowHandle } from '@temporalio/client';
import type { RangesActivities } from '../../activities/ranges/ranges-activities.ts';
import type { RangesProgress } from '../../workflows/ranges/ranges-progress.ts';
import { StepWatch } from './step-watch.ts';

/** Steps of a job of ranges that can be aimed at, in the order in which they come. */
const RANKS = {
  planRanges: 0,
  runRange: 1,
  finishRanges: 2,
  moveOffsets: 3,
  cleanRanges: 4,
} satisfies Partial<Record<keyof RangesActivities, number>>;

export type RangesWatchedStep = keyof typeof RANKS;

/** Watches a job of ranges from outside, to strike at a chosen moment. */
export class RangesWatch extends StepWatch<RangesWatchedStep> {
  constructor(handle: WorkflowHandle) {
    super(handle, RANKS);
  }

  async close(): Promise<void> {}

  protected async share(step: RangesWatchedStep): Promise<number> {
    if (step !== 'runRange') return 1;
    // Where every worker is dead or frozen nobody answers, and no range ends either.
    const progress = await this.handle.query<RangesProgress | undefined>('progress').catch(() => undefined);
    const { done, total } = progress?.ranges ?? { done: 0, total: 0 };
    return total === 0 ? 0 : done / total;
  }
}
