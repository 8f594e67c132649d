import type { Draws } from './camus-archive/draws.ts';
import type { Moment, WatchedStep } from './job-watch.ts';

/** Shares of the kills: most in the steps that take most of the time, one at least in each. */
const WEIGHTS: readonly { step: WatchedStep; weight: number; jitterMs: number }[] = [
  { step: 'decodeAndSort', weight: 3, jitterMs: 500 },
  { step: 'catalogueSorted', weight: 1, jitterMs: 50 },
  { step: 'mergePass', weight: 1, jitterMs: 300 },
  { step: 'mergePublish', weight: 4, jitterMs: 60 },
  { step: 'commitOffsets', weight: 1, jitterMs: 30 },
];

/** Moments of a job at which to kill its worker, in the order of the steps: random, and spread over the whole run. */
export function killMoments(draws: Draws, kills: number): Moment[] {
  const total = WEIGHTS.reduce((sum, { weight }) => sum + weight, 0);
  const bounds = WEIGHTS.map((_, index) =>
    Math.round((WEIGHTS.slice(0, index + 1).reduce((sum, { weight }) => sum + weight, 0) * kills) / total),
  );
  return WEIGHTS.flatMap(({ step, jitterMs }, index) => {
    const count = (bounds[index] ?? 0) - (bounds[index - 1] ?? 0);
    return Array.from({ length: count }, (_, nth) => ({
      step,
      share: step === 'decodeAndSort' || step === 'mergePublish' ? (nth + draws.next()) / (count + 1) : 0,
      delayMs: draws.below(jitterMs),
    }));
  });
}
