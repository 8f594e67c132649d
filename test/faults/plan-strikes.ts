import type { Draws } from '../support/camus-archive/draws.ts';
import type { WatchedStep } from '../support/job-watch.ts';
import type { FaultKind, PlannedStrike } from './fault-kind.ts';
import type { FaultSort } from './fault-round.ts';

/** Where strikes fall: steps in their order, each with its weight; those that have a share can be struck in the middle. */
export interface StrikePlaces<Step extends string> {
  weights: Readonly<Record<Step, number>>;
  withShare: readonly Step[];
  /** Of the work of those steps. @default 0.9 */
  mostShare?: number;
}

/** Mostly into what takes most of the time, and into each step. */
export const REPLAY_PLACES: StrikePlaces<WatchedStep> = {
  weights: {
    decodeAndSort: 5,
    catalogueSorted: 1,
    mergePass: 1,
    stageSplit: 0,
    catalogueWindow: 0,
    mergeWindowPass: 0,
    publishStaged: 0,
    mergePublish: 6,
    verifyReplay: 1,
    commitOffsets: 2,
    cleanStaging: 1,
  },
  withShare: ['decodeAndSort', 'mergePublish'],
};

/** A job that is sorted window by window has none of the steps before it publishes. */
export const WINDOWS_PLACES: StrikePlaces<WatchedStep> = {
  ...REPLAY_PLACES,
  weights: { ...REPLAY_PLACES.weights, decodeAndSort: 0, catalogueSorted: 0, mergePass: 0 },
};

/** The same with windows that go through staging: mostly into those. */
export const STAGED_PLACES: StrikePlaces<WatchedStep> = {
  ...WINDOWS_PLACES,
  weights: {
    ...WINDOWS_PLACES.weights,
    stageSplit: 4,
    catalogueWindow: 2,
    mergeWindowPass: 3,
    publishStaged: 5,
    mergePublish: 3,
  },
};

/** By how the job is sorted. */
export const PLACES: Readonly<Record<FaultSort, StrikePlaces<WatchedStep>>> = {
  whole: REPLAY_PLACES,
  windows: WINDOWS_PLACES,
  auto: STAGED_PLACES,
};

/** One to three strikes of a round in the order of the steps: the same for the same draws. */
export function planStrikes<Round, Step extends string>(
  draws: Draws,
  kinds: readonly FaultKind<Round, Step>[],
  { weights, withShare, mostShare = 0.9 }: StrikePlaces<Step>,
): PlannedStrike<Round, Step>[] {
  const all = Object.keys(weights) as Step[];
  const striking = kinds.filter(({ steps = all }) => steps.some((step) => weights[step] > 0));
  const strikes = Array.from({ length: 1 + draws.below(3) }, () => {
    const kind = draws.pick(striking);
    const step = drawStep(draws, kind.steps ?? all, weights);
    const share = withShare.includes(step) ? draws.next() * mostShare : 0;
    return { kind, moment: { step, share, delayMs: draws.below(60) } };
  });
  const rank = ({ moment }: PlannedStrike<Round, Step>): number => all.indexOf(moment.step) + (moment.share ?? 0) / 2;
  return strikes.sort((a, b) => rank(a) - rank(b));
}

function drawStep<Step extends string>(
  draws: Draws,
  steps: readonly Step[],
  weights: Readonly<Record<Step, number>>,
): Step {
  let at = draws.next() * steps.reduce((sum, step) => sum + weights[step], 0);
  return steps.find((step) => (at -= weights[step]) < 0) ?? steps[0]!;
}
