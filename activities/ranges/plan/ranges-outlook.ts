import type { PlanPlace } from '../job/ranges-input.ts';
import type { Int64Text } from '../../replay/steps.ts';

/** What a job of ranges would do: the result of a workflow whose input asks for a plan. Lists are bounded. */
export interface RangesOutlook {
  plan: true;
  /** Whether it is planned from the earliest offsets on, whatever is consumed. */
  all: boolean;
  /** Whether a job would read everything that it is asked for. */
  ready: boolean;
  /** An earlier job whose plan would be gone on with first. */
  unfinished: string | undefined;
  topics: number;
  ranges: number;
  offsets: Int64Text;
  /** Bytes of log, estimated. */
  bytes: Int64Text;
  /** The first ones behind `plan.after`, each with what its ranges follow from. */
  partitions: PartitionOutlook[];
  /** The `plan.after` of the next ones; left out where there are none. */
  next?: PlanPlace;
  problems: string[];
  moreProblems: number;
  remarks: string[];
}

/** Ranges of a partition: `ranges` of `perRange` offsets from `from` on, the last one up to `to`. */
export interface PartitionOutlook {
  topic: string;
  partition: number;
  group: string;
  function: string;
  /** What the group has consumed; undefined where it has no offset. */
  consumed: Int64Text | undefined;
  from: Int64Text;
  to: Int64Text;
  stable: Int64Text;
  perRange: Int64Text;
  ranges: number;
  /** The end of the ids of its ranges. */
  owner: string;
  missing: { from: Int64Text; to: Int64Text; why: string }[];
}

export interface ListedRange {
  id: string;
  topic: string;
  partition: number;
  group: string;
  function: string;
  from: Int64Text;
  to: Int64Text;
}
