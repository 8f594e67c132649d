import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';

/** An archive that is to be restored, and what must come of it. */
export interface RestoreSource {
  topic: string;
  job: ReplayInput;
  /** Records by partition, in the order in which they must stand there. */
  expected: ExpectedRecord[][];
  /** Of whole records: offsets in the source, by partition. */
  old?: bigint[][];
  /** What the group gets: decimal text by partition. */
  offsets: Record<string, string>;
}

export interface ExpectedRecord {
  key: string | null;
  value: string | null;
  /** Undefined where the archive keeps none. */
  timestamp: bigint | undefined;
  headers: [name: string, value: string | null][];
}
