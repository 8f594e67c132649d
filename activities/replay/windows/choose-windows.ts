import { JobError } from '../../step/job-error.ts';
import { dateText } from '../decode/describe-stray.ts';
import type { SampledFile } from '../decode/sample-files.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { fileTimes } from './file-times.ts';
import { spanText } from './window-check.ts';
import { FILE_BYTES } from './held-window.ts';
import type { PlannedWindow, Window } from './window-planner.ts';
import { windowAt } from './window-table.ts';

/** Bytes in memory for each byte of input, where no file could be sampled. */
const UNKNOWN_FACTOR = 5;
/** Files differ: so much more than the sample suggests. */
const MARGIN = 1.25;
/** Of smaller files most bytes are their head. */
const TELLING_BYTES = 4 * 1024;

/** How the records of a job are sorted. */
export interface SortChoice {
  /** Undefined: as a whole. */
  windows: Window[] | undefined;
  /** Why not window by window, of a job that may be; undefined where it is. */
  why: string | undefined;
  /** Bytes that the records of a byte of input take in memory, about, and those of the largest window. */
  memoryPerByte: number;
  largest: { bytes: number; memory: number };
  /** Windows that fit into the worker's memory. */
  fitting: number;
}

/**
 * Chooses windows where each fits into memory and the records of the sample are in the windows of their files.
 *
 * @param room bytes for the records of a window
 * @throws JobError for a job that is to have windows
 */
export function chooseWindows(
  job: ReplayJob,
  windows: PlannedWindow[],
  sampled: readonly SampledFile[],
  room: number,
): SortChoice {
  const memoryPerByte = memoryOf(sampled);
  const memoryFor = ({ bytes, files }: PlannedWindow): number => Math.ceil(bytes * memoryPerByte) + files * FILE_BYTES;
  const [largest, memory] = [({ bytes }: PlannedWindow) => bytes, memoryFor].map((size) =>
    windows.reduce((most, window) => Math.max(most, size(window)), 0),
  ) as [number, number];
  const fitting = windows.filter((window) => memoryFor(window) <= room).length;
  const sizes = { memoryPerByte, largest: { bytes: largest, memory }, fitting };
  const stray = strayOf(job, windows, sampled);
  const tooLarge =
    fitting === windows.length
      ? undefined
      : `${windows.length - fitting} of ${windows.length} windows of time don't fit into memory: the largest takes about ${memory} bytes, and this worker has ${room} for it`;
  const why = stray ?? tooLarge;
  if (why !== undefined && job.sort === 'windows')
    throw new JobError(
      'windows-unusable',
      `The records can't be sorted window by window: ${why}. Set sort to "auto" or "whole"${stray === undefined ? ', or start the job on a worker with more memory (memoryMiB)' : ''}.`,
      { windows: windows.length, largest, room },
    );
  return { windows: why === undefined ? windows : undefined, why, ...sizes };
}

/** What is worth a look of it: that a job which may be sorted window by window is not. */
export function sortRemark(choice: SortChoice | undefined): string[] {
  if (choice?.why === undefined) return [];
  return [`the records are sorted as a whole before the first is published: ${choice.why}`];
}

/** Bytes that the records of a byte of input take in memory, about, as the sample says. */
export function memoryOf(sampled: readonly SampledFile[]): number {
  const read = sampled.flatMap((one) => ('sample' in one && one.sample.kept > 0 ? [one.sample] : []));
  const telling = read.filter(({ bytes }) => bytes >= TELLING_BYTES);
  const ratios = (telling.length > 0 ? telling : read).map(({ sortedBytes, bytes }) => sortedBytes / bytes);
  return ratios.length === 0 ? UNKNOWN_FACTOR : Math.max(...ratios) * MARGIN;
}

/** Says of the first file whose sampled records are not in its window what was found. */
function strayOf(job: ReplayJob, windows: Window[], sampled: readonly SampledFile[]): string | undefined {
  for (const one of sampled) {
    const times = 'sample' in one ? one.sample.times : undefined;
    if (times === undefined) continue;
    const { from, to } = windowAt(windows, fileTimes(job, one.file.path).from);
    const stray = times.from < from ? times.from : times.to >= to ? times.to : undefined;
    if (stray !== undefined)
      return `${one.file.path} has a record of ${dateText(stray)}, and its name tells times ${spanText({ from, to })}`;
  }
  return undefined;
}
