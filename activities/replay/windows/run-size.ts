/** Bytes of one run at most: what of the last run of a split is not in use is lost. */
export const LARGEST_RUN = 4 * 1024 * 1024;
const SMALLEST_RUN = 64 * 1024;

/**
 * Bytes of each run of a split whose records take about `guess` bytes. Few sizes, so that the memory of runs that are out
 * serves for those to come; of a small split, little is left unused.
 */
export function runSize(guess: number): number {
  let size = SMALLEST_RUN;
  while (size < guess && size < LARGEST_RUN) size *= 2;
  return size;
}
