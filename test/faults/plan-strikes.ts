import type { Draws } from '../support/camus-archive/draws.ts';
import type { WatchedStep } from '../support/job-watch.ts';
import type { FaultKind, PlannedStrike } from './fault-kind.ts';

/** Where strikes fall: mostly into what takes most of the time, and into each step. */
const WEIGHTS: Record<WatchedStep, number> = {
  decodeAndSort: 5,
  catalogueSorted: 1,
  mergePass: 1,
  mergePublish: 6,
  verifyReplay: 1,
  commitOffsets: 2,
  cleanStaging: 1,
};
const STEPS = Object.keys(WEIGHTS) as WatchedStep[];

/** One to three strikes of a round in the order of the steps: the same for the same draws. */
export function planStrikes(draws: Draws, kinds: readonly FaultKind[]): PlannedStrike[] {
  const strikes = Array.from({ length: 1 + draws.below(3) }, () => {
    const kind = draws.pick(kinds);
    const step = drawStep(draws, kind.steps ?? STEPS);
    const share = step === 'decodeAndSort' || step === 'mergePublish' ? draws.next() * 0.9 : 0;
    return { kind, moment: { step, share, delayMs: draws.below(60) } };
  });
  const rank = ({ moment }: PlannedStrike): number => STEPS.indexOf(moment.step) + (moment.share ?? 0) / 2;
  return strikes.sort((a, b) => rank(a) - rank(b));
}

function drawStep(draws: Draws, steps: readonly WatchedStep[]): WatchedStep {
  let at = draws.next() * steps.reduce((sum, step) => sum + WEIGHTS[step], 0);
  return steps.find((step) => (at -= WEIGHTS[step]) < 0) ?? steps[0]!;
}
