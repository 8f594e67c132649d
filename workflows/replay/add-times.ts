import type { StrayTimes } from '../../activities/replay/record/stray-times.ts';
import type { DecodedSplit } from '../../activities/replay/steps.ts';
import type { DecodedTotals } from './replay-state.ts';

/** Adds what a split tells of times that are not where they should be. */
export function addTimes(decoded: DecodedTotals, { strays, outOfRangeTimes: out }: DecodedSplit): void {
  if (strays !== undefined) decoded.strays = decoded.strays === undefined ? strays : sum(decoded.strays, strays);
  const before = decoded.outOfRangeTimes;
  if (out === undefined) return;
  decoded.outOfRangeTimes =
    before === undefined ? out : { from: Math.min(before.from, out.from), to: Math.max(before.to, out.to) };
}

function sum(a: StrayTimes, b: StrayTimes): StrayTimes {
  // Where all are wild there is nothing to say of the others.
  const near = [a, b].filter(({ records, wild }) => records > wild);
  const some = near.length > 0;
  return {
    records: a.records + b.records,
    wild: a.wild + b.wild,
    wildFiles: a.wildFiles + b.wildFiles,
    nearFiles: a.nearFiles + b.nearFiles,
    least: some ? Math.min(...near.map(({ least }) => least)) : 0,
    most: some ? Math.max(...near.map(({ most }) => most)) : 0,
    first: a.first ?? b.first,
    firstWild: a.firstWild ?? b.firstWild,
  };
}
