import { JobError } from '../../step/job-error.ts';
import type { PublishedWindows, PublishWindowsInput, StagedWindow } from '../steps.ts';
import type { Window } from './window-planner.ts';

/** The first window from one on that is expected to take more memory than there is; the number of windows where none is. */
export function firstToStage(
  windows: readonly Window[],
  from: number,
  { mayStage = false, listing }: Pick<PublishWindowsInput, 'mayStage' | 'listing'>,
  room: () => number,
): number {
  if (!mayStage) return windows.length;
  const most = room() / (listing.windows?.memoryPerByte ?? 0);
  const found = windows.findIndex(({ number, bytes }) => number >= from && bytes > most);
  return found < 0 ? windows.length : found;
}

/**
 * The window that took more memory than a worker has in all, where the workflow can stage it; undefined for any other
 * error, and where the worker has more than the window was given.
 */
export function tooLargeFor(
  error: unknown,
  { mayStage = false }: Pick<PublishWindowsInput, 'mayStage'>,
  room: () => number,
): number | undefined {
  if (!mayStage || !(error instanceof JobError) || error.code !== 'window-too-large') return undefined;
  return Number(error.facts['room']) < room() ? undefined : Number(error.facts['window']);
}

/** A slice behind which a window is to be staged. */
export function stagedNext(published: PublishedWindows, { number, firstSplit, endSplit }: Window): PublishedWindows {
  const stage: StagedWindow = { number, firstSplit, endSplit };
  return { ...published, stage };
}
