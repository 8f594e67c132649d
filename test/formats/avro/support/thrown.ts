import { FormatError } from '../../../../formats/format-error.ts';

/** The FormatError that `run` throws. */
export function thrown(run: () => unknown): FormatError {
  try {
    run();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
