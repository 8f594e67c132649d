import type { ArchiveJob } from '../../activities/archive/job/archive-job.ts';
import type { DecidedRun, PlannedRun, PostedCounts, RecoveredRuns } from '../../activities/archive/steps.ts';
import type { Int64Text } from '../../activities/replay/steps.ts';
import type { RunState } from '../run/run-state.ts';

export const ARCHIVE_STEPS = ['recover', 'plan', 'pull', 'decide', 'place', 'audit', 'tidy', 'done'] as const;

export type ArchiveStep = (typeof ARCHIVE_STEPS)[number];

/** All that an archive run knows of itself, carried over continue-as-new: plain JSON, of bounded size. */
export interface ArchiveState extends RunState<ArchiveStep> {
  job: ArchiveJob;
  /** When a worker came to it, in milliseconds since 1970 UTC; undefined of a run that an older release has begun. */
  begunAt?: number;
  recovered?: RecoveredRuns;
  planned?: PlannedRun;
  /** Pulls that are done; those below `nextPull` are done or in hand. */
  nextPull: number;
  /** Of those, the ones that a message has ended before they were done. */
  pullAgain?: number[];
  pulled: PulledTotals;
  decided?: DecidedRun;
  audited?: AuditedCounts;
}

/** What was posted of the counts; or why it could not be, which the next run makes up for. */
export type AuditedCounts = PostedCounts | { problem: string };

export interface PulledTotals {
  pulls: number;
  ranges: number;
  records: Int64Text;
  bytes: Int64Text;
  files: number;
  left: Record<string, number>;
  /** By topic, of those that the plan has named. */
  topics?: Record<string, { offsets: Int64Text; records: Int64Text }>;
  /** Nodes that lead and could not be reached: no other pull waits as long. */
  away?: number[];
}

export function newArchiveState(job: ArchiveJob, startedAt: number, begunAt = startedAt): ArchiveState {
  return {
    step: 'recover',
    job,
    control: { paused: false, rate: job.rate },
    startedAt,
    begunAt,
    nextPull: 0,
    pulled: { pulls: 0, ranges: 0, records: '0', bytes: '0', files: 0, left: {} },
    seconds: {},
  };
}
