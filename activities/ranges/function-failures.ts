import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { JobError } from '../step/job-error.ts';
import type { RangesJob } from './job/ranges-job.ts';
import type { FunctionFailed } from './run/range-task.ts';

const told = z.object({ failures: z.int().min(0) });

/** How often the function has failed in earlier attempts: the last heartbeat tells; workers that died don't count. */
export function failuresBefore(resumed: unknown): number {
  return told.safeParse(resumed).data?.failures ?? 0;
}

/** The failure of an attempt that a function has failed: final where the job allows no more of them. */
export function failureOfFunction(
  error: FunctionFailed,
  failures: number,
  { retry }: Pick<RangesJob, 'retry'>,
  progress: (details: Record<string, unknown>) => void,
): Error {
  // The next attempt counts on from here.
  progress({ failures });
  if (failures >= retry.attempts)
    return new JobError(
      'function-failed',
      `${error.message} (${failures} of ${retry.attempts} attempts). No offset was moved. Repair the function, start the workers with it, and start the job again: it goes on with the ranges that are not done.`,
      { failures },
    );
  return ApplicationFailure.create({
    type: 'rewind.job.function-failed',
    message: `${error.message} (${failures} of ${retry.attempts} attempts)`,
    nonRetryable: false,
    cause: error,
  });
}
