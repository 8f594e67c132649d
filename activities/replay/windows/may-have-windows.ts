import type { ReplayJob } from '../job/replay-job.ts';
import { goesOnBehindRecords, ordersByRecords, tellsOffsets } from '../job/own-offsets.ts';

/**
 * Whether a job's records may be sorted window by window: their times sort them, or the place of their files. Workers that are there for decoding alone
 * are not left idle, unless the job says so. A job that an older release began has no such choice.
 */
export function mayHaveWindows(job: Pick<ReplayJob, 'sort' | 'order' | 'archive' | 'tuning'>): boolean {
  const { sort = 'whole', order, tuning } = job;
  if (sort === 'whole' || order === 'offset' || tellsOffsets(job)) return false;
  return sort === 'windows' || tuning.decodeTaskQueue === undefined;
}

/**
 * Whether the windows of a job may be of offsets: those of whole records sort them. What must be known of all offsets
 * before the first record is published is known of a job that is sorted as a whole: gaps that are to end it, and offsets to
 * commit that nothing but the records tells.
 */
export function mayHaveOffsetWindows(
  job: Pick<ReplayJob, 'sort' | 'order' | 'archive'> & { tuning?: ReplayJob['tuning'] },
): boolean {
  const { sort = 'whole', archive, tuning } = job;
  if (sort === 'whole' || archive.format !== 'record' || !ordersByRecords(job)) return false;
  if (archive.gaps === 'fail' || goesOnBehindRecords(job)) return false;
  return sort === 'windows' || tuning?.decodeTaskQueue === undefined;
}
