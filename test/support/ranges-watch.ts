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

  protected async share(step: RangesWatchedStep): Promise<number> {
    if (step !== 'runRange') return 1;
    return this.shareOf<RangesProgress>((progress) => progress.ranges);
  }
}
