import { JobError } from '../../step/job-error.ts';
import type { SampledFile } from '../decode/sample-files.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { memoryOf, type SortChoice } from './choose-windows.ts';
import { offsetSplitBytes, type OffsetSplits } from './offset-splits.ts';
import type { OffsetsOfSplits } from './offsets-of-splits.ts';
import { LARGEST_RUN } from './run-size.ts';
import { planOffsetWindows } from './plan-offset-windows.ts';

/** Splits of a window, about, where there are few partitions; and windows of a job at most, about. */
const SPLITS_OF_A_WINDOW = 2;
const MOST_WINDOWS = 4096;

/**
 * Chooses windows of offsets where the first records of all files are found, and what is in memory of each window fits.
 *
 * @param found of these splits
 * @param room bytes for the records of a window
 * @throws JobError for a job that is to have windows
 */
export function chooseOffsetWindows(
  job: ReplayJob,
  { sizes }: Pick<OffsetSplits, 'sizes'>,
  found: OffsetsOfSplits,
  sampled: readonly SampledFile[],
  room: number,
): SortChoice {
  const memoryPerByte = memoryOf(sampled);
  const memory = (of: number): number => Math.ceil(of * memoryPerByte);
  const none = { windows: undefined, memoryPerByte, largest: { bytes: 0, memory: 0 }, fitting: 0 };
  const refused = (why: string, more = ''): SortChoice => {
    if (job.sort === 'windows') throw unusable(why, more, room);
    return { ...none, why };
  };
  if ('why' in found) return refused(found.why);
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const target = Math.max(SPLITS_OF_A_WINDOW * offsetSplitBytes(job.tuning.splitBytes), all / MOST_WINDOWS);
  const { windows, held } = planOffsetWindows(found.splits, target, LARGEST_RUN / memoryPerByte);
  const largest = held.reduce((most, each) => Math.max(most, each), 0);
  const fitting = held.filter((each) => memory(each) <= room).length;
  if (fitting < windows.length)
    return refused(
      `${windows.length - fitting} of ${windows.length} windows of offsets don't fit into memory, with what they leave to later ones: the largest takes about ${memory(largest)} bytes, and this worker has ${room} for it`,
      ', or start the job on a worker with more memory (memoryMiB)',
    );
  return { windows, why: undefined, memoryPerByte, largest: { bytes: largest, memory: memory(largest) }, fitting };
}

/** `more`: what else can be done, beside another `sort`. */
function unusable(why: string, more: string, room: number): JobError {
  return new JobError(
    'windows-unusable',
    `The records can't be sorted window by window: ${why}. Set sort to "auto" or "whole"${more}.`,
    { room },
  );
}
