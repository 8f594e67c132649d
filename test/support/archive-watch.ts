import type { WorkflowHandle } from '@temporalio/client';
import type { ArchiveActivities } from '../../activities/archive/archive-activities.ts';
import type { ArchiveProgress } from '../../workflows/archive/archive-progress.ts';
import { StepWatch } from './step-watch.ts';

/** Steps of an archive that can be aimed at, in the order in which they come. */
const RANKS = {
  recoverArchive: 0,
  planArchive: 1,
  pullArchive: 2,
  decideArchive: 3,
  placeArchive: 4,
  tidyArchive: 5,
} satisfies Partial<Record<keyof ArchiveActivities, number>>;

export type ArchiveWatchedStep = keyof typeof RANKS;

/** Watches an archive from outside, to strike at a chosen moment. */
export class ArchiveWatch extends StepWatch<ArchiveWatchedStep> {
  constructor(handle: WorkflowHandle) {
    super(handle, RANKS);
  }

  protected async share(step: ArchiveWatchedStep): Promise<number> {
    if (step !== 'pullArchive') return 1;
    return this.shareOf<ArchiveProgress>((progress) => progress.pulls);
  }
}
