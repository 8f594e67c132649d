import type { Int64Text } from '../replay/steps.ts';
import type { RateLimit } from '../step/rate-limit.ts';
import type { RangesJob } from './job/ranges-job.ts';

/**
 * What the workflow `ranges` and its steps hand each other: references and counts. The plan and the summaries are in
 * files of the job (ranges-files.ts).
 */
export interface RangesStepInput {
  job: RangesJob;
}

export interface PlannedRanges {
  topics: number;
  partitions: number;
  ranges: number;
  /** Offsets to be read (more than records, where the log was compacted), and the log's bytes, estimated. */
  offsets: Int64Text;
  bytes: Int64Text;
  /** Offsets that a limit leaves for the next job. */
  offsetsLeft: Int64Text;
  /** Nothing to read, and nothing that a group would learn. */
  nothingNew: boolean;
  remarks: string[];
}

export interface RangeInput extends RangesStepInput {
  range: number;
  rate: RateLimit;
}

export interface DoneRange {
  range: number;
  records: Int64Text;
  bytes: Int64Text;
  /** Records that the function did not get, by reason. */
  left: Record<string, number>;
  seconds: number;
}

export interface FinishedRanges {
  /** What `finish` returned, as JSON; without one the summaries of the first ranges. */
  result: string;
  /** Summaries that `result` doesn't hold. */
  moreSummaries: number;
  remarks: string[];
}

/** committed: now; already: by an earlier attempt; none: nothing to be moved there. */
export type MoveStatus = 'committed' | 'already' | 'none';

export interface MovedGroup {
  group: string;
  topics: number;
  partitions: number;
  zookeeper: MoveStatus;
  kafka: MoveStatus;
  /** Of the first partitions: where the group goes on. */
  offsets: { topic: string; partition: number; offset: Int64Text }[];
}

export interface MovedOffsets {
  groups: MovedGroup[];
  remarks: string[];
}
