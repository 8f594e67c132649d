import type { VerifyJob } from '../../activities/verify/job/verify-job.ts';
import type { PlannedVerify, ReconciledTarget, ReportedVerify } from '../../activities/verify/steps.ts';
import type { RunState } from '../run/run-state.ts';

export const VERIFY_STEPS = ['plan', 'topics', 'archive', 'reconcile', 'narrow', 'report', 'clean', 'done'] as const;

export type VerifyStep = (typeof VERIFY_STEPS)[number];

/** All that a job of `verify` knows of itself, carried over continue-as-new: plain JSON, of bounded size. */
export interface VerifyState extends RunState<VerifyStep> {
  job: VerifyJob;
  planned?: PlannedVerify;
  /** Ranges, splits and buckets of all targets, one after the other: those below are done or in hand. */
  nextRange: number;
  nextSplit: number;
  nextCell: number;
  done: { ranges: number; splits: number; cells: number };
  records: { topics: number; archive: number };
  reconciled: ReconciledTarget[];
  reported?: ReportedVerify;
}

export function newVerifyState(job: VerifyJob, startedAt: number): VerifyState {
  return {
    step: 'plan',
    job,
    control: { paused: false, rate: {} },
    startedAt,
    nextRange: 0,
    nextSplit: 0,
    nextCell: 0,
    done: { ranges: 0, splits: 0, cells: 0 },
    records: { topics: 0, archive: 0 },
    reconciled: [],
    seconds: {},
  };
}
