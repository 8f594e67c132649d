import type { FormatFault } from '../../formats/format-error.ts';
import type { RateLimit } from '../step/rate-limit.ts';
import type { ReplayJob } from './job/replay-job.ts';
import type { StrayTimes } from './record/stray-times.ts';
import type { ListedWindows, StagedWindow } from './windows/listed-windows.ts';

/**
 * What the workflow and its activities hand each other: references and counts, never records and never lists that
 * grow with the archive. 64-bit numbers are decimal strings, since payloads are JSON.
 */

/** Decimal text of a 64-bit integer. */
export type Int64Text = string;

export type { ListedWindows, StagedWindow };

/** Records that were skipped, by reason. */
export type SkippedByFault = Partial<Record<FormatFault, number>>;

export interface ValidateJobInput {
  /** The user's JSON, as it came. */
  input: unknown;
  /** Identity of the job, from the workflow. */
  id: string;
  /** When the workflow was to start, in milliseconds since 1970 UTC: relative times are told from then. */
  scheduledAt: number;
  /** When the workflow began, in milliseconds since 1970 UTC; not told by older ones. */
  startedAt?: number;
}

export interface StepInput {
  job: ReplayJob;
}

/** The offsets to be committed, pinned in staging; `execution` is undefined for a job without a history. */
export interface PinnedOffsetsSummary {
  execution: string | undefined;
  partitions: number;
  /** Entries of the history that are no executions, and other things worth a look: the first of them. */
  remarks: string[];
}

export interface FileListing {
  /** Hash of the manifest and of everything else that the sequence of records depends on. */
  fingerprint: string;
  files: number;
  bytes: Int64Text;
  splits: number;
  /** Partitions that the replay topic gets. */
  partitions: number;
  /** Files that were not taken, by reason, with the first few names. */
  leftOut: { reason: string; files: number; examples: string[] }[];
  remarks: string[];
  /** Of a sample: records a byte by ending of the names, `*` for all; for files that can't be read, under `skip`. */
  recordsPerByte?: Record<string, number>;
  /** How the job is sorted window by window; undefined: as a whole. */
  windows?: ListedWindows;
  /** There where the job has no windows any more: what is out may be theirs. */
  afterWindows?: true;
  /** How many offsets there are up to the pinned ones, where all files together can't hold more records. */
  offsets?: Int64Text | undefined;
  /** Why the files are not all that the pinned offsets stand for; undefined where nothing says so. */
  incomplete?: string | undefined;
}

export interface ClaimInput extends StepInput {
  listing: FileListing;
}

export interface ReplayTopicClaim {
  topic: string;
  partitions: number;
  created: boolean;
  /** Limit of the topic on a batch, in bytes. */
  maxMessageBytes: number;
}

export interface DecodeInput extends StepInput {
  listing: FileListing;
  split: number;
  /** The window that the split is sorted for; undefined: for the job as a whole. */
  window?: StagedWindow;
}

/** What became of records that were read. */
export interface DecodedCounts {
  /** Records in the files, whatever became of them. */
  read: number;
  /** Those that are published. */
  kept: number;
  outOfRange: number;
  /** Left out by the job's filter. */
  filtered: number;
  skipped: number;
  /** Of a fault that has cost no record, as far as that can be told, there is a zero. */
  skippedBy: SkippedByFault;
  /** Of those that were skipped, records that are estimated by bytes, since nothing counts them. */
  estimated?: number;
  /** Times that Kafka can't hold and that were clamped. */
  clamped: number;
}

export interface DecodedSplit extends DecodedCounts {
  split: number;
  files: number;
  /** Unit of the record times; undefined where there was no record. */
  timeUnit: string | undefined;
  /** Records with times that are not expected of their files; undefined where there are none. */
  strays?: StrayTimes | undefined;
  /** First and last time outside of the job's range, in ms since 1970; undefined where none was. */
  outOfRangeTimes?: TimesOutOfRange | undefined;
  /** What is worth a look of its files, up to a limit. */
  remarks?: string[] | undefined;
  bytesRead: Int64Text;
  bytesSorted: Int64Text;
  seconds: number;
  /** Whether this attempt found the file in place already. */
  reused: boolean;
}

/** In ms since 1970 UTC, rounded where it is beyond 2^53; both inclusive. */
export interface TimesOutOfRange {
  from: number;
  to: number;
}

export interface CatalogueInput extends StepInput {
  listing: FileListing;
  claim: ReplayTopicClaim;
  /** What became of the records, and what their times are, over all splits. */
  decoded: {
    read: number;
    kept: number;
    skipped: number;
    skippedBy: SkippedByFault;
    estimated?: number;
    timeUnits: string[];
    outOfRange?: number;
    filtered?: number;
    strays?: StrayTimes;
    outOfRangeTimes?: TimesOutOfRange;
  };
  /** Merge passes done so far. */
  level: number;
}

export interface CatalogueWindowInput extends StepInput {
  listing: FileListing;
  claim: ReplayTopicClaim;
  window: StagedWindow;
  /** Merge passes done so far. */
  level: number;
}

export interface CatalogueSummary {
  /** That will be published: each once, where records tell their offsets. */
  records: Int64Text;
  /** Entries of the sorted files beside them, that repeat one of them; undefined where there are none. */
  repeats?: Int64Text | undefined;
  sections: number;
  /** Most sections that the merge has open at one time. */
  overlap: number;
  /** Merge passes that must run before publishing; 0: publish. */
  passes: number;
  firstTime: Int64Text | undefined;
  lastTime: Int64Text | undefined;
  /** Bytes of the largest record, as it will be published. */
  largestRecord: number;
  /** What is worth a look of all that was decoded; undefined where nothing is. */
  remarks?: string[] | undefined;
}

export interface MergePassInput extends StepInput {
  listing: FileListing;
  level: number;
  pass: number;
  /** As of a split. */
  window?: StagedWindow;
}

export interface PublishInput extends StepInput {
  listing: FileListing;
  claim: ReplayTopicClaim;
  catalogue: CatalogueSummary;
  level: number;
  rate: RateLimit;
  /** The window that the catalogue is of; undefined: it is of all splits. */
  window?: StagedWindow;
}

export interface PublishedSlice {
  /** Records of the sequence that are out, all slices together. */
  published: Int64Text;
  done: boolean;
  /** Records and bytes that this slice published. */
  records: number;
  bytes: Int64Text;
  transactions: number;
  seconds: number;
}

export interface PublishWindowsInput extends StepInput {
  listing: FileListing;
  claim: ReplayTopicClaim;
  rate: RateLimit;
  /** Whether the workflow stages a window that does not fit into memory. @default false: it is an error */
  mayStage?: boolean;
}

export interface PublishedWindows extends PublishedSlice {
  /** Number of the window in hand. */
  window: number;
  /** The window that comes next, where that is to be staged. */
  stage?: StagedWindow;
  /** What became of the records of all windows up to that one. */
  decoded: DecodedTotals;
  /** The sequence as it came out; there with the last slice. */
  sequence?: CatalogueSummary;
}

/** What became of the records of many splits: added up by a workflow, or of all windows by the step that publishes them. */
export interface DecodedTotals extends DecodedCounts {
  splits: number;
  timeUnits: string[];
  /** Undefined where there were none so far. */
  strays?: StrayTimes;
  outOfRangeTimes?: TimesOutOfRange;
  /** What is worth a look of the files, each once, up to a limit; undefined where nothing was so far. */
  remarks?: string[];
  bytesRead: Int64Text;
  bytesSorted: Int64Text;
}

export interface VerifyInput extends StepInput {
  listing: FileListing;
  claim: ReplayTopicClaim;
  catalogue: CatalogueSummary;
}

/** One partition of the replay topic, as a read_committed consumer meets it. Offsets are those of records. */
export interface ReplayedPartition {
  partition: number;
  records: Int64Text;
  firstOffset: Int64Text | undefined;
  lastOffset: Int64Text | undefined;
  /** Records of interrupted transactions in the log: read_uncommitted consumers see them. */
  aborted: Int64Text;
  abortedRanges: { from: Int64Text; to: Int64Text }[];
}

/** A result names this many partitions at most, those with something to say first, so that it stays small. */
export const LISTED_PARTITIONS = 200;

export interface VerifiedReplay {
  partitions: ReplayedPartition[];
  /** Partitions that are not listed. */
  morePartitions: number;
}

export interface CommitInput extends StepInput {
  listing: FileListing | undefined;
  /** Why the replay is partial (a range, skipped records), if it is. */
  partial: string | undefined;
}

export interface CommittedOffsets {
  /** `committed`, `already` (a retry found its own commit), `left` (an existing group), `withheld`, or `none` asked for. */
  zookeeper: CommitStatus;
  kafka: CommitStatus;
  group: string | undefined;
  /** The first of them, if there are many; all are committed. */
  offsets: { partition: string; offset: Int64Text; earliest: Int64Text | undefined; latest: Int64Text | undefined }[];
  /** Groups whose offsets were translated to those of the replay topic; undefined where the job has none. */
  groups?: CommittedGroups;
  remarks: string[];
}

export interface CommittedGroups {
  listed: { group: string; status: CommitStatus; partitions: number }[];
  /** Groups that are not listed. */
  more: number;
}

/** What the workflow `cleanStaging` found and deleted. */
export interface RemovedStaging {
  job: string;
  /** The job's folder; not `removed`: it was not there. */
  staging: string;
  removed: boolean;
  errorsRemoved: boolean;
}

export type CommitStatus = 'committed' | 'already' | 'left' | 'withheld' | 'none';
