import type { JobError } from '../../step/job-error.ts';

/** Takes an error about a file that the job must not go on with; where it returns, the file is left aside. */
export type Refuse = (error: JobError) => void;
