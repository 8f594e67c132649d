import type { RangesWatchedStep } from '../../support/ranges-watch.ts';
import type { FaultKind } from '../fault-kind.ts';
import { PROCESSES } from '../kinds/processes.ts';
import type { StrikePlaces } from '../plan-strikes.ts';
import type { RangesRound } from './ranges-round.ts';

/** One way in which a job of ranges is attacked. */
export type RangesFault = FaultKind<RangesRound, RangesWatchedStep>;

/** Mostly into functions that run, and into `finish` and the moves of offsets. */
export const RANGES_PLACES: StrikePlaces<RangesWatchedStep> = {
  weights: { planRanges: 1, runRange: 5, finishRanges: 3, moveOffsets: 4, cleanRanges: 1 },
  withShare: ['runRange'],
  mostShare: 0.8,
};

export const RANGES_FAULTS: readonly RangesFault[] = PROCESSES;
