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
  largest: WindowSize;
  /** Windows that fit into the worker's memory. */
  fitting: number;
  /** The largest of those that fit, and of the others, each of which is sorted in staging; undefined where there is none. */
  largestFitting?: WindowSize | undefined;
  largestStaged?: WindowSize | undefined;
}

/** Bytes of a window's files, and of its records in memory. */
export interface WindowSize {
  bytes: number;
  memory: number;
}

/**
 * Chooses windows where the records of the sample are in the windows of their files. Those that don't fit into memory are
 * staged, one after the other, unless the job is to have windows alone, or has one window only: that is the whole.
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
  const fits = (window: PlannedWindow): boolean => memoryFor(window) <= room;
  const largestOf = (some: PlannedWindow[]): WindowSize => ({
    bytes: some.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    memory: some.reduce((most, window) => Math.max(most, memoryFor(window)), 0),
  });
  const [direct, others] = [windows.filter(fits), windows.filter((window) => !fits(window))];
  const largest = largestOf(windows);
  const sizes = {
    memoryPerByte,
    largest,
    fitting: direct.length,
    largestFitting: direct.length === 0 ? undefined : largestOf(direct),
    largestStaged: others.length === 0 ? undefined : largestOf(others),
  };
  const stray = strayOf(job, windows, sampled);
  const mayStage = job.sort !== 'windows' && windows.length > 1;
  const tooLarge =
    others.length === 0 || mayStage
      ? undefined
      : `${others.length} of ${windows.length} windows don't fit into memory: the largest takes about ${largest.memory} bytes, and this worker has ${room} for it`;
  const why = stray ?? tooLarge;
  if (why !== undefined && job.sort === 'windows')
    throw new JobError(
      'windows-unusable',
      `The records can't be sorted window by window: ${why}. Set sort to "auto" or "whole"${stray === undefined ? ', or start the job on a worker with more memory (memoryMiB)' : ''}.`,
      { windows: windows.length, largest: largest.bytes, room },
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
  if (job.order !== 'time') return undefined;
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
