import { JobError } from '../../step/job-error.ts';

/** The error about a window whose records take more memory than there is for them. */
export function windowTooLarge(window: number, room: number): JobError {
  return new JobError(
    'window-too-large',
    `The records of window ${window + 1} take more than the ${room} bytes of memory that this worker has for them; what came before it is published. Take the job up on a worker with more memory (memoryMiB), or with sort "auto" (rewind resume ID --job JOB.json), which stages what does not fit.`,
    { window, room },
  );
}
