import type { RangesJob } from '../../activities/ranges/job/ranges-job.ts';
import type { FinishedRanges, MovedOffsets, PlannedRanges } from '../../activities/ranges/steps.ts';
import type { Int64Text } from '../../activities/replay/steps.ts';
import type { RunState } from '../run/run-state.ts';

export const RANGES_STEPS = ['plan', 'run', 'finish', 'move', 'clean', 'done'] as const;

export type RangesStep = (typeof RANGES_STEPS)[number];

/** All that a job of ranges knows of itself, carried over continue-as-new: plain JSON, of bounded size. */
export interface RangesState extends RunState<RangesStep> {
  job: RangesJob;
  /** This very job, where it goes on with the plan of another. */
  ownId: string;
  planned?: PlannedRanges;
  /** Ranges that are done; those below `nextRange` are done or in hand. */
  nextRange: number;
  /** Of those, the ones that a message has ended before they were done. */
  rangeAgain?: number[];
  ran: RanTotals;
  finished?: FinishedRanges;
  moved?: MovedOffsets;
}

export interface RanTotals {
  ranges: number;
  records: Int64Text;
  bytes: Int64Text;
  left: Record<string, number>;
}

export function newRangesState(job: RangesJob, ownId: string, startedAt: number): RangesState {
  return {
    step: 'plan',
    job,
    ownId,
    control: { paused: false, rate: job.rate },
    startedAt,
    nextRange: 0,
    ran: { ranges: 0, records: '0', bytes: '0', left: {} },
    seconds: {},
  };
}
