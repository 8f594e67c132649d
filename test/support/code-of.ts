import { JobError } from '../../activities/step/job-error.ts';

/** Code of the error of a job that this throws, the text of any other error, undefined where it throws none. */
export function codeOf(body: () => unknown): string | undefined {
  try {
    body();
  } catch (error) {
    return error instanceof JobError ? error.code : String(error);
  }
  return undefined;
}
