import type { Dependencies } from '../../dependencies.ts';
import { pinnedSchema } from '../decode/pinned-schema.ts';
import { functionsPathOf } from '../functions/job-functions.ts';
import { readSplits } from '../manifest/read-manifest.ts';
import { Staging } from '../staging.ts';
import type { ListedWindows, PublishWindowsInput } from '../steps.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { Window } from './window-planner.ts';
import { windowRoom } from './window-room.ts';
import type { KeptWindows } from './window-shelf.ts';
import { WindowsAhead, type WindowsAheadOptions } from './windows-ahead.ts';

/** As many of the largest windows are to fit into memory: one that goes out, and some that are decoded meanwhile. */
const LARGEST_AT_ONCE = 3;
/** The sample may be of small files, or of few. */
const LEAST_ROOM = 64 * 1024 * 1024;

/** Of a job: all of its windows, the first one that is wanted, and how much memory they may have. */
export interface WantedWindows {
  windows: readonly Window[];
  first: number;
  listed: ListedWindows;
  /** Whether they get all that the worker has, instead of as much as the sample made expect. */
  allMemory: boolean;
  /** Bytes of input whose records are to fit into memory. @default some of the largest windows */
  inputBytes?: number;
  /** Of windows of offsets: what is still in memory of those that are behind, and their splits. */
  carried?: () => number;
  splitsOf?: WindowsAheadOptions['splitsOf'];
}

/** Takes memory for the windows of a job, and decodes them from `first` on. */
export async function openWindows(
  deps: Dependencies,
  { job, listing }: Pick<PublishWindowsInput, 'job' | 'listing'>,
  { windows, first, listed, allMemory, inputBytes, carried = () => 0, splitsOf }: WantedWindows,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<KeptWindows> {
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging);
  const schema = await pinnedSchema(staging, job, signal);
  const functionsPath = await functionsPathOf(deps, job);
  const { memoryPerByte } = listed;
  // Of those that are wanted: what the listing took for too large may fit here.
  const largest = windows.slice(first).reduce((most, { bytes: of }) => Math.max(most, of), 0);
  const bytes = inputBytes ?? largest * LARGEST_AT_ONCE;
  const expected = Math.max(LEAST_ROOM, bytes * memoryPerByte);
  const room = windowRoom(deps.budget.total, job.tuning, allMemory ? Infinity : expected);
  const release = await deps.budget.take(room.taken, signal);
  const listener = { moved: (): void => undefined };
  const { fingerprint, partitions, recordsPerByte, splits } = listing;
  const ahead = new WindowsAhead({
    windows,
    first,
    room: {
      atOnce: room.atOnce,
      all: room.records,
      get records(): number {
        return room.records - carried();
      },
    },
    memoryPerByte,
    splitsOf:
      splitsOf ??
      (({ firstSplit, endSplit }, ending) =>
        readSplits(store, staging.manifest, { first: firstSplit, end: endSplit, of: splits }, ending)),
    decode: ({ window, number: place, split, mostBytes, bufferBytes, signal: ending, run, spare, more, spared }) => {
      const number = window.splits?.[place - window.firstSplit] ?? place;
      const of = { job, fingerprint, number, split, partitions, schema, recordsPerByte, functionsPath };
      const task = { ...of, bufferBytes, mostBytes, window, spare };
      return deps.decoder.runs(task, { signal: ending, progress: () => listener.moved(), run, more, spared });
    },
  });
  return { ahead, listener, release };
}
