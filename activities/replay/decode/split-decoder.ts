import type { DecodeProgress, DecodeTask, SplitCounts } from './decode-task.ts';
import type { FunctionsSummary } from '../functions/functions-module.ts';
import type { FileSample, SampleTask } from './sample-file.ts';

/** Decodes a split away from the event loop, and writes the sorted file to `task.path`. */
export interface SplitDecoder {
  decode(
    task: Omit<DecodeTask, 'hdfs'>,
    options: { signal: AbortSignal; progress: DecodeProgress },
  ): Promise<SplitCounts>;
  /** Decodes the first records of a file, and writes nothing. */
  sample(task: SampleTask, options: { signal: AbortSignal }): Promise<FileSample>;
  /** Loads a module with functions in a thread, and tells what it has. */
  functions(path: string): Promise<FunctionsSummary>;
  close(): Promise<void>;
}
