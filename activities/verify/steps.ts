import type { Int64Text } from '../replay/steps.ts';
import type { Target } from './job/verify-input.ts';
import type { VerifyJob } from './job/verify-job.ts';

/**
 * What the workflow `verify` and its steps hand each other: references and counts. What is planned, counted and found is
 * in files of the job (verify-files.ts).
 */
export interface VerifyStepInput {
  job: VerifyJob;
}

export interface PlannedVerify {
  files: number;
  bytes: Int64Text;
  splits: number;
  /** Ranges of each target's topic. */
  targets: { target: Target; ranges: number }[];
}

export interface TopicRangeInput extends VerifyStepInput {
  target: Target;
  range: number;
}

export interface ArchiveSplitInput extends VerifyStepInput {
  target: Target;
  split: number;
}

export interface TargetInput extends VerifyStepInput {
  target: Target;
}

export interface DifferenceInput extends TargetInput {
  number: number;
}

export interface TalliedRecords {
  records: number;
}

export interface ReconciledTarget {
  target: Target;
  cells: number;
  /** Cells that differ. */
  differing: number;
  /** Of them those that are looked at record by record. */
  narrowed: number;
}

/** What the whole has come to; the rest is in the report. */
export interface ReportedVerify {
  /** Whether nothing was found. */
  agrees: boolean;
  /** Path of the report on HDFS, and SHA-256 of its bytes. */
  report: string;
  sha256: string;
  targets: VerifiedTarget[];
  /** The first of them, the worst first. */
  findings: Finding[];
  moreFindings: number;
  notes: string[];
}

export interface VerifiedTarget {
  target: Target;
  topic: string;
  content: string;
  partitions: number;
  cells: number;
  archive: Int64Text;
  found: Int64Text;
  /** Records of the archive that the topic has no more, so that nothing could be compared. */
  uncompared: Int64Text;
  /** Records of the archive that a compacted topic has no more. */
  compacted: Int64Text;
  differing: number;
}

/**
 * `missing`: in the topic, and not in the archive (of a replay: the other way round is `missing` too, seen from it).
 * `extra`: only on the other side. `doubled`: there more often than on the other side. `changed`: other content.
 * `order`: not in its place. `unreadable`: bytes of the archive that are no records. `trimmed`: offsets that the log
 * should have. `differs`: a bucket in which not every record could be looked at,
 * or in which nothing differs any more.
 */
export type FindingKind =
  'missing' | 'extra' | 'doubled' | 'changed' | 'order' | 'unreadable' | 'trimmed' | 'differs' | 'refused';

export interface Finding {
  kind: FindingKind;
  target: Target;
  /** One line for people. */
  message: string;
  partition?: number | undefined;
  /** Start of its bucket, ISO-8601. */
  bucket?: string | undefined;
  /** Offsets of the topic, `to` exclusive. */
  from?: Int64Text | undefined;
  to?: Int64Text | undefined;
  records?: number | undefined;
  file?: string | undefined;
  /** Number of the record in the file, from 0. */
  ordinal?: number | undefined;
}
