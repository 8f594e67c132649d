import type { Int64Text } from '../../replay/steps.ts';
import type { TopicProblem } from '../steps.ts';

/** What an archive would do: the result of a workflow whose input says `plan: true`. Lists are bounded. */
export interface ArchivePlan {
  plan: true;
  /** Whether a run would archive everything that it finds. */
  ready: boolean;
  execution: string;
  predecessor: string | undefined;
  /** A run before this one has decided and not finished: the next run does that first. */
  unfinished: string | undefined;
  topics: { taken: number; leftOut: { topic: string; why: string }[]; moreLeftOut: number };
  /** Those with the greatest lag first. */
  partitions: PartitionOutlook[];
  morePartitions: number;
  ranges: number;
  pulls: number;
  /** Over all partitions: offsets, and bytes of the log, estimated. */
  lag: { offsets: Int64Text; bytes: Int64Text };
  /** Room at DEST, as HDFS tells it. */
  space: { free: Int64Text | undefined; quota: { path: string; bytes: Int64Text; used: Int64Text } | undefined };
  /** Quotas that leave no room for a run, each with the command that raises it; left out by older workers. */
  noRoom?: string[];
  /** Where the worker's user may write, of the folders that a run writes to; topics' folders only where it may not. */
  rights: FolderRight[];
  /**
   * Files beyond the stored offsets, as a failed run of Camus leaves them; where HISTORY has no execution, the first few of
   * any. `problem`: what a run of the job would end with.
   */
  leftovers: { files: number; examples: string[]; problem?: string };
  problems: TopicProblem[];
  moreProblems: number;
  remarks: string[];
}

export interface PartitionOutlook {
  topic: string;
  partition: number;
  stored: Int64Text | undefined;
  /** Where the log begins; undefined of a partition that is only carried over. */
  earliest: Int64Text | undefined;
  start: Int64Text;
  stable: Int64Text;
  latest: Int64Text;
  /** Offsets to be read, and how many of them this run reads. */
  lag: Int64Text;
  /** Of the log, estimated; undefined where there is no lag. */
  lagBytes: Int64Text | undefined;
  /** Age of the first record that is to be read, of the partitions with the greatest lag, where it has a time. */
  lagHours?: number;
  /** Below the topic's folder, the first and the last that files come to, and about how many files at most, of the same. */
  folders?: { first: string; last: string };
  files?: number;
  reads: Int64Text;
  /** Held back by an open transaction. */
  heldBack: Int64Text;
  missing: { from: Int64Text; to: Int64Text; why: string }[];
}

export interface FolderRight {
  path: string;
  /** The folder in which it would be made, where it isn't there yet. */
  madeIn?: string;
  /** Left out where the server doesn't tell. */
  mayWrite?: boolean;
}
