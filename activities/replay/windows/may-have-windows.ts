import type { ReplayJob } from '../job/replay-job.ts';
import { goesOnBehindRecords, ordersByRecords, tellsOffsets } from '../job/own-offsets.ts';

type Asked = Pick<ReplayJob, 'sort' | 'order' | 'archive'> & {
  tuning?: Pick<ReplayJob['tuning'], 'decodeTaskQueue'>;
  output?: Pick<ReplayJob['output'], 'invalidTimestamps'>;
};

/** Whether a job's records may be sorted window by window: their times sort them, or the place of their files. */
export function mayHaveWindows(job: Asked): boolean {
  return !tellsOffsets(job) && whyWhole(job) === undefined;
}

/** Whether the windows of a job may be of offsets: those of whole records sort them. */
export function mayHaveOffsetWindows(job: Asked): boolean {
  return tellsOffsets(job) && whyWhole(job) === undefined;
}

/**
 * Why a job is sorted as a whole, whatever the names of its files tell; undefined where it may have windows. Under `auto`
 * it has none where the job itself says that they will not do: each record is then published at its place, as far from
 * its file's times as it may be. A job that an older release began has no such choice.
 */
export function whyWhole(job: Asked): string | undefined {
  const { sort = 'whole', order, tuning } = job;
  if (sort === 'whole') return 'the job asks for it (sort "whole")';
  const why = tellsOffsets(job) ? whyNoOffsets(job) : whyNoTimes(job);
  if (why !== undefined || sort === 'windows') return why;
  if (tuning?.decodeTaskQueue !== undefined)
    return 'workers that decode have a task queue of their own (decodeTaskQueue), and windows are decoded by the worker that publishes';
  return order === 'time' ? whyOutside(job) : undefined;
}

function whyNoTimes({ order }: Asked): string | undefined {
  return order === 'offset'
    ? 'the offsets in names sort the records, and windows are of times or of places'
    : undefined;
}

/**
 * What must be known of all offsets before the first record is published is known of a job that is sorted as a whole: gaps
 * that are to end it, and offsets to commit that nothing but the records tells.
 */
function whyNoOffsets(job: Asked): string | undefined {
  const { archive } = job;
  if (!ordersByRecords(job))
    return 'the records tell their offsets, of which windows would be, and something else sorts them';
  if (archive.format !== 'record') return 'its files tell no offsets before they are read';
  if (archive.gaps === 'fail')
    return 'all offsets must be known before the first record is published (archive.gaps "fail")';
  return goesOnBehindRecords(job) ? 'the offsets to commit are known when all records are read' : undefined;
}

/** Records that the job expects outside of the times that names tell would end its windows half way. */
function whyOutside({ archive, output }: Asked): string | undefined {
  if (archive.strayTimes === 'report')
    return 'records may have other times than names tell (archive.strayTimes "report")';
  return output?.invalidTimestamps === 'clamp'
    ? 'records may have times before 1970, which come before all others (output.invalidTimestamps "clamp")'
    : undefined;
}
