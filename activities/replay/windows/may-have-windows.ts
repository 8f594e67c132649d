import type { ReplayJob } from '../job/replay-job.ts';
import { goesOnBehindRecords, ordersByRecords, tellsOffsets } from '../job/own-offsets.ts';

/**
 * Whether a job's records may be sorted window by window: their times sort them. Workers that are there for decoding alone
 * are not left idle, unless the job says so. A job that an older release began has no such choice.
 */
export function mayHaveWindows(job: Pick<ReplayJob, 'sort' | 'order' | 'archive' | 'tuning'>): boolean {
  const { sort = 'whole', order, tuning } = job;
  if (sort === 'whole' || order !== 'time' || tellsOffsets(job)) return false;
  return sort === 'windows' || tuning.decodeTaskQueue === undefined;
}

/**
 * Whether the windows of a job may be of offsets: those of whole records sort them. What must be known of all offsets
 * before the first record is published is known of a job that is sorted as a whole: gaps that are to end it, offsets to
 * commit that nothing but the records tells, and where those of groups are now.
 */
export function mayHaveOffsetWindows(
  job: Pick<ReplayJob, 'sort' | 'order' | 'archive' | 'groups'> & { tuning?: ReplayJob['tuning'] },
): boolean {
  const { sort = 'whole', archive, groups, tuning } = job;
  if (sort === 'whole' || archive.format !== 'record' || !ordersByRecords(job)) return false;
  if (archive.gaps === 'fail' || groups !== undefined || goesOnBehindRecords(job)) return false;
  return sort === 'windows' || tuning?.decodeTaskQueue === undefined;
}
