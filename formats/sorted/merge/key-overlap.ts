import { compareSortKeys } from '../file/sort-key.ts';
import type { SortKey } from '../file/sort-key.ts';

export interface KeyRange {
  first: SortKey;
  last: SortKey;
}

/** How many of the ranges hold the same key at most: the sections that a merge has open at once. */
export function maxOverlap(ranges: Iterable<KeyRange>): number {
  const all = Array.from(ranges);
  const firsts = all.map(({ first }) => first).sort(compareSortKeys);
  const lasts = all.map(({ last }) => last).sort(compareSortKeys);
  let most = 0;
  let ended = 0;
  for (let begun = 1; begun <= firsts.length; begun++) {
    while (compareSortKeys(lasts[ended]!, firsts[begun - 1]!) < 0) ended++;
    most = Math.max(most, begun - ended);
  }
  return most;
}
