import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { StrayRecord, StrayTimes } from '../record/stray-times.ts';
import { causeOfStray, describeStray } from './describe-stray.ts';

export interface StraysFound {
  /** Records that were read, whatever became of them. */
  read: number;
  strays: StrayTimes | undefined;
  /** Files that were left out by what their names say of time. */
  leftOut: number;
}

/** What records are worth whose times are not those that are expected of their files. */
export interface StrayJudgement {
  error?: JobError;
  remark?: string;
}

/**
 * Single records stray in good archives too: late ones, ones without a time, clocks that were never set. Where most of a
 * file's do, the job reads it wrongly, and two things make the replay wrong: times of another unit or field, by which
 * records are sorted and stamped; and names that don't tell times, where a time range left files out by them. Both are
 * errors, unless the job says otherwise. What else strays is remarked: it is read, and published at its place.
 */
export function judgeStrays(job: ReplayJob, { read, strays, leftOut }: StraysFound): StrayJudgement {
  // A job that an earlier release began never asked for more than a remark.
  const policy = job.archive.strayTimes ?? 'report';
  if (strays === undefined || (policy === 'ignore' && leftOut === 0)) return {};
  const { first, firstWild, wildFiles, nearFiles } = strays;
  if (policy === 'fail' && wildFiles > 0 && firstWild !== undefined)
    return { error: refusal(job, read, strays, firstWild, rightAsTheyAre(wildFiles)) };
  if (policy === 'fail' && leftOut > 0 && nearFiles > 0 && first !== undefined)
    return { error: refusal(job, read, strays, first, mayBeMissed(leftOut)) };
  const shown = first ?? firstWild;
  if (shown === undefined) return {};
  const missed = leftOut > 0 && first !== undefined ? ` ${mayBeMissed(leftOut)}` : '';
  return { remark: `${counted(read, strays)}. ${explained(job, read, strays, shown)}${missed}` };
}

function refusal(job: ReplayJob, read: number, strays: StrayTimes, shown: StrayRecord, remedy: string): JobError {
  const { records, wild, wildFiles, nearFiles } = strays;
  const { file, ordinal, time, unit, expected } = shown;
  return new JobError(
    'times-astray',
    `${counted(read, strays)}; nothing was published. ${explained(job, read, strays, shown)} ${remedy}`,
    { read, records, wild, wildFiles, nearFiles, file, ordinal, time, unit, expected },
  );
}

function counted(read: number, { records, wild }: StrayTimes): string {
  const far = wild === 0 ? '' : wild === records ? ', by more than a year' : `, ${wild} of them by more than a year`;
  return `${records} of ${read} records have times that are not those of their files${far}`;
}

function explained(job: ReplayJob, read: number, strays: StrayTimes, shown: StrayRecord): string {
  return `The first: ${describeStray(shown, job)}. ${causeOfStray(shown, strays, job, read)}`;
}

function rightAsTheyAre(wildFiles: number): string {
  const files = `${wildFiles} file${wildFiles === 1 ? '' : 's'}`;
  return `If these times are right (most of ${files} are such), set archive.strayTimes to "report".`;
}

function mayBeMissed(leftOut: number): string {
  return `The time range left out ${leftOut} file${leftOut === 1 ? '' : 's'} by what names say; they may hold records of it. If names don't tell times, set archive.readAllFiles to true; archive.strayTimes "report" leaves them out all the same.`;
}
