import type { ReplayJob } from '../job/replay-job.ts';

/**
 * Whether it is known before records are read that a replay is partial, so that no offsets are committed for it: by
 * its time range, or by what is `incomplete` in the archive.
 */
export function isWithheld({ from, to, offsets }: ReplayJob, incomplete?: string): boolean {
  return (from !== undefined || to !== undefined || incomplete !== undefined) && !offsets.evenIfPartial;
}
