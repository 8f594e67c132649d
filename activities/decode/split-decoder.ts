import type { DecodeProgress, DecodeTask, SplitCounts } from './decode-task.ts';

/** Decodes a split away from the event loop, and writes the sorted file to `task.path`. */
export interface SplitDecoder {
  decode(
    task: Omit<DecodeTask, 'hdfs'>,
    options: { signal: AbortSignal; progress: DecodeProgress },
  ): Promise<SplitCounts>;
  close(): Promise<void>;
}
