import type { RangesWatchedStep } from '../../support/ranges-watch.ts';
import type { FaultKind } from '../fault-kind.ts';
import { leaderFaults } from '../kinds/leaders.ts';
import { networkFaults } from '../kinds/network.ts';
import { PROCESSES } from '../kinds/processes.ts';
import { STEERING } from '../kinds/steering.ts';
import type { StrikePlaces } from '../plan-strikes.ts';
import { SEVERAL } from './kinds/several.ts';
import type { RangesRound } from './ranges-round.ts';

/** One way in which a job of ranges is attacked. */
export type RangesFault = FaultKind<RangesRound, RangesWatchedStep>;

/** Mostly into functions that run, and into `finish` and the moves of offsets. */
export const RANGES_PLACES: StrikePlaces<RangesWatchedStep> = {
  weights: { planRanges: 1, runRange: 5, finishRanges: 3, moveOffsets: 4, cleanRanges: 1 },
  withShare: ['runRange'],
  mostShare: 0.8,
};

/** What comes behind the last range. */
export const RANGES_ENDS: StrikePlaces<RangesWatchedStep> = {
  weights: { planRanges: 0, runRange: 0, finishRanges: 3, moveOffsets: 4, cleanRanges: 1 },
  withShare: [],
};

/** A reset to before the last steps of a job that ends meanwhile finds its plan gone: it must be started again. */
const PEOPLE: readonly RangesFault[] = STEERING.map((kind) =>
  kind.name === 'people.reset-anywhere' ? { ...kind, steps: ['planRanges', 'runRange'] } : kind,
);

/** Every way of attacking a job of ranges. */
export const RANGES_FAULTS: readonly RangesFault[] = [
  ...PROCESSES,
  ...networkFaults<RangesWatchedStep>({
    temporal: undefined,
    namenode: undefined,
    datanode: ['planRanges', 'runRange', 'finishRanges'],
    kafka: ['planRanges', 'runRange', 'moveOffsets'],
    zookeeper: ['planRanges', 'moveOffsets'],
  }),
  ...PEOPLE,
  ...leaderFaults(
    ({ ranges, topics }: RangesRound) => ({ topics: ranges.topics, names: topics }),
    ['planRanges', 'runRange', 'moveOffsets'],
  ),
  ...SEVERAL,
];
