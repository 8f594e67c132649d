import type { Int64Text } from '../replay/steps.ts';
import type { RateLimit } from '../step/rate-limit.ts';
import type { ArchiveJob } from './job/archive-job.ts';

/**
 * What the workflow `archive` and its steps hand each other: references and counts. Lists that grow with topics,
 * partitions or files are in files of the run (archive-folders.ts).
 */
export interface ArchiveStepInput {
  job: ArchiveJob;
}

/** What a run that died left, and what became of it. */
export interface RecoveredRuns {
  /** Execution that an earlier run had decided and this one has finished. */
  finished: string | undefined;
  /** Folders of runs that had ended before they decided: their files were deleted. */
  discarded: number;
  remarks: string[];
}

export interface PlannedRun {
  execution: string;
  predecessor: string | undefined;
  topics: number;
  partitions: number;
  /** Partitions of which something is read. */
  toRead: number;
  pulls: number;
  /** Offsets to be read (more than records, where the log was compacted), and the log's bytes, estimated. */
  offsets: Int64Text;
  bytes: Int64Text;
  /** What waits to be archived, and the greatest lag of it. @default not told, as by older releases */
  offsetsLeft?: Int64Text;
  lag?: DecidedRun['lag'];
  /** Topics that can't be archived as they are; where there are too many, further names are in a remark. */
  problems: TopicProblem[];
  moreProblems: number;
  /** Nothing to read, and nothing that the history would learn. */
  nothingNew: boolean;
  /** The topics that are furthest behind. @default none are named, as older releases do */
  lags?: TopicLag[];
  remarks: string[];
}

/** How far a topic is behind. */
export interface TopicLag {
  topic: string;
  /** Offsets that are not archived. */
  lag: Int64Text;
  /** Time up to which it is archived, in milliseconds since 1970; left out where that is not known. */
  complete?: number;
}

export interface TopicProblem {
  topic: string;
  message: string;
}

export interface PullInput extends ArchiveStepInput {
  pull: number;
  rate: RateLimit;
  /** Nodes that pulls before it have waited for in vain. @default none */
  away?: readonly number[];
}

export interface PulledRanges {
  pull: number;
  ranges: number;
  /** Ranges that ended before their end: a limit, bad data, a topic that can't be read. */
  cut: number;
  records: Int64Text;
  bytes: Int64Text;
  files: number;
  /** Records that are in no file, by reason. */
  left: Record<string, number>;
  /** Those of its topics of which most was read. @default none are named, as older releases do */
  topics?: PulledTopic[];
  seconds: number;
  /** Nodes that lead and could not be reached, -1 for partitions without a leader. @default none */
  away?: number[];
}

/** What a pull has read of one topic. */
export interface PulledTopic {
  topic: string;
  offsets: Int64Text;
  records: Int64Text;
}

export interface DecideInput extends ArchiveStepInput {
  /** Pulls that were begun, and so have ended: each has left a report. @default 0, as runs of older releases tell none */
  begun?: number;
}

/** What was decided: counts of the decision that is in place. */
export interface DecidedRun {
  execution: string;
  files: number;
  records: Int64Text;
  bytes: Int64Text;
  partitions: number;
  /** Offsets that a limit or a problem left for the next run. */
  offsetsLeft: Int64Text;
  problems: TopicProblem[];
  moreProblems: number;
  left: Record<string, number>;
  /** Greatest lag that remains, in records, and whose it is. */
  lag: { topic: string; partition: number; records: Int64Text } | undefined;
  /** The topics that are furthest behind. @default none are named, as older releases do */
  lags?: TopicLag[];
  remarks: string[];
}

export interface PlacedRun {
  execution: string;
  files: number;
}

/** Counts that were posted: of this run's execution, and of earlier ones for which that had failed. */
export interface PostedCounts {
  executions: number;
  events: number;
}

export interface DiscardInput extends ArchiveStepInput {
  /** Whether it may decide yet: by an attempt that sleeps, or when it is reset while who throws it away sleeps. @default nothing that was pulled is deleted */
  mayDecide?: boolean;
}

export interface TidyInput extends ArchiveStepInput {
  /** Whether executions stay since their counts could not be posted. */
  keepExecutions?: boolean;
}

export interface TidiedArchive {
  /** Executions that were deleted from HISTORY. */
  pruned: number;
}
