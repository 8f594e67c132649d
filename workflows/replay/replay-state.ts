import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type {
  CatalogueSummary,
  DecodedTotals,
  FileListing,
  Int64Text,
  PinnedOffsetsSummary,
  ReplayTopicClaim,
  StagedWindow,
} from '../../activities/replay/steps.ts';
import type { RunState } from '../run/run-state.ts';

export const REPLAY_STEPS = [
  'validate',
  'offsets',
  'list',
  'claim',
  'decode',
  'catalogue',
  'publish',
  'verify',
  'commit',
  'clean',
  'done',
] as const;

export type ReplayStep = (typeof REPLAY_STEPS)[number];

/** All that a replay knows of itself, carried over continue-as-new: plain JSON, of bounded size. */
export interface ReplayState extends RunState<ReplayStep>, MergeState {
  job: ReplayJob;
  pins?: PinnedOffsetsSummary;
  listing?: FileListing;
  claim?: ReplayTopicClaim;
  /** Splits that are decoded; those below `nextSplit` are done or in hand. */
  nextSplit: number;
  decoded: DecodedTotals;
  catalogue?: CatalogueSummary;
  /** Number of the window in hand, of a job that is sorted window by window. */
  window?: number;
  /** The window in hand where that is sorted in staging, and how far it is. */
  staged?: StagedWindowState;
  /** Windows that were sorted in staging so far. */
  stagedWindows?: number;
  published: PublishedTotals;
}

/** How far sorted files are merged. */
export interface MergeState {
  /** Levels that are done. */
  mergeLevel: number;
  /** Passes of the level in hand; undefined until it is catalogued. */
  merging?: { done: number; of: number };
}

/** Splits below `nextSplit` are sorted or in hand. */
export interface StagedWindowState extends StagedWindow, MergeState {
  nextSplit: number;
  sorted: number;
  catalogue?: CatalogueSummary;
}

export type { DecodedTotals };

export interface PublishedTotals {
  records: Int64Text;
  bytes: Int64Text;
  transactions: number;
  /** Of the last slice that published something. */
  recordsPerSecond?: number;
}

export function noneDecoded(): DecodedTotals {
  return {
    splits: 0,
    read: 0,
    kept: 0,
    outOfRange: 0,
    filtered: 0,
    skipped: 0,
    skippedBy: {},
    clamped: 0,
    timeUnits: [],
    bytesRead: '0',
    bytesSorted: '0',
  };
}

export function newReplayState(job: ReplayJob, startedAt: number): ReplayState {
  return {
    step: 'offsets',
    job,
    control: { paused: false, rate: job.rate },
    startedAt,
    nextSplit: 0,
    decoded: noneDecoded(),
    mergeLevel: 0,
    published: { records: '0', bytes: '0', transactions: 0 },
    seconds: {},
  };
}
