import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import type { SourceFile } from '../../../formats/sorted/file/sorted-section.ts';
import type { SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PartitionRuns } from '../merge/offset-runs.ts';
import type { StrayTimes } from '../record/stray-times.ts';
import type { DecodedCounts } from '../steps.ts';
import type { DecodedWindow } from '../windows/window-check.ts';
import type { RecordsPerByte } from './records-per-byte.ts';
import type { Split } from '../manifest/manifest.ts';
import type { FunctionsSummary } from '../functions/functions-module.ts';
import type { FileSample, SampleTask } from './sample-file.ts';

/** Decodes a split away from the event loop, and writes the sorted file to `task.path`. */
export interface SplitDecoder {
  decode(
    task: Omit<DecodeTask, 'hdfs'>,
    options: { signal: AbortSignal; progress: DecodeProgress },
  ): Promise<SplitCounts>;
  /** Decodes a split into sorted runs in memory, which `run` is given as they come, and writes nothing. */
  runs(task: RunsTask, options: RunsOptions): Promise<RunsCounts>;
  /** Decodes the first records of a file, and writes nothing. */
  sample(task: SampleTask, options: { signal: AbortSignal }): Promise<FileSample>;
  /** Starts what a first task would wait for; what fails then is told by that. */
  warmUp(): void;
  /** Gives the memory of threads back that have no task, where all of a job is decoded: the steps to come have use for it. */
  rest(): Promise<void>;
  /** Loads a module with functions in a thread, and tells what it has. */
  functions(path: string): Promise<FunctionsSummary>;
  close(): Promise<void>;
}

/** All that a thread needs to decode one split; it is cloned on the way there. */
export interface DecodeTask {
  hdfs: HdfsConfig;
  job: ReplayJob;
  fingerprint: string;
  /** Number of the split in the manifest. */
  number: number;
  split: Split;
  /** Partitions of the replay topic. */
  partitions: number;
  /** JSON of the output schema; undefined: each file's own. */
  schema: string | undefined;
  /** As the listing has it. */
  recordsPerByte: RecordsPerByte | undefined;
  /** This worker's functions module, where the job needs it. */
  functionsPath: string | undefined;
  /** Where the sorted file is written, under the attempt's own name. */
  path: string;
  /** Bytes of records that are sorted in memory at once. */
  bufferBytes: number;
}

/** What decoding needs, wherever the records go. */
export type SplitTask = Omit<DecodeTask, 'path' | 'hdfs'> & { window?: DecodedWindow | undefined };

export interface RunsTask extends SplitTask {
  /** Bytes that the records of the split may take in memory. */
  mostBytes: number;
  /** Runs whose memory is to be used for the first ones; it goes to the thread, and what is left of it comes back. */
  spare: SortedRun[];
}

/** What became of a split's records. The same for every attempt, since it depends on the manifest alone. */
export interface SplitCounts extends DecodedCounts {
  estimated: number;
  /** Bytes of the sorted file. */
  bytesSorted: number;
  /** Unit of the times, for the check that all files of a job have the same. */
  timeUnit: string | undefined;
  /** Records with times that are not expected of their files; undefined where there are none. */
  strays?: StrayTimes | undefined;
  /** First and last time outside of the job's range, in ms since 1970; undefined where none was. */
  outOfRangeTimes?: { from: number; to: number } | undefined;
  /** What is worth a look, each once, up to a limit; undefined where nothing is. */
  remarks?: string[] | undefined;
  /** A JSON line for each thing that was skipped, up to a limit. */
  errors: string[];
  /** Of a job that is sorted by its records' own offsets: which there are; undefined where that can't be told briefly. */
  offsets?: PartitionRuns[] | undefined;
}

/** What became of the records of a split that is in memory, and what its runs don't tell themselves. */
export interface RunsCounts extends SplitCounts {
  /** The input files, by the numbers that entries have. */
  files: SourceFile[];
  /** Records of each partition of the replay topic. */
  partitionRecords: number[];
  /** Bytes of the largest record. */
  largestBody: number;
  /** Of all that is kept (`RecordsChecksum`). */
  checksum: number;
}

export interface RunsOptions {
  signal: AbortSignal;
  progress: DecodeProgress;
  run: (run: SortedRun) => void;
  /** Asked for memory for a run to come whenever one was given, and others follow; undefined: there is none to spare. */
  more: () => SortedRun | undefined;
  /** Given what is left of the task's `spare`, and of what came in addition. */
  spared: (runs: SortedRun[]) => void;
}

export type DecodeProgress = (progress: { file: string; read: number }) => void;
