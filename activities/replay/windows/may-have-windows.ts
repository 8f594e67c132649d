import type { ReplayJob } from '../job/replay-job.ts';
import { tellsOffsets } from '../job/own-offsets.ts';

/**
 * Whether a job's records may be sorted window by window: their times sort them. Workers that are there for decoding alone
 * are not left idle, unless the job says so. A job that an older release began has no such choice.
 */
export function mayHaveWindows(job: Pick<ReplayJob, 'sort' | 'order' | 'archive' | 'tuning'>): boolean {
  const { sort = 'whole', order, tuning } = job;
  if (sort === 'whole' || order !== 'time' || tellsOffsets(job)) return false;
  return sort === 'windows' || tuning.decodeTaskQueue === undefined;
}
