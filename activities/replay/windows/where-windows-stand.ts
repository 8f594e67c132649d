import type { PublishPosition } from '../publish/publish-position.ts';
import type { Staging } from '../staging.ts';
import { totalsInPlace, totalsUpTo } from './kept-totals.ts';
import type { Window } from './window-planner.ts';
import { windowOfSplit } from './window-table.ts';
import type { WindowTotals } from './window-totals.ts';

/** How far the windows of a job are published. */
export interface WindowsOut {
  /** The first of which a record is still to come; the number of windows where there is none. */
  first: number;
  /** Totals up to the window before that. */
  before: WindowTotals;
  /** Counts of windows before this one are never asked for again. */
  keepFrom: number;
}

/**
 * Where a position stands among windows of time. Counts of a window are in place before a record of it is published, so
 * one that has as many records up to its end as are out is out itself, and is not decoded again.
 */
export async function whereWindowsStand(
  staging: Staging,
  windows: readonly Window[],
  { lastKey, published }: Pick<PublishPosition, 'lastKey' | 'published'>,
  signal: AbortSignal,
): Promise<WindowsOut> {
  const inHand = lastKey === undefined ? 0 : windowOfSplit(windows, lastKey.split).number;
  let first = inHand;
  let before = await totalsUpTo(staging, first - 1, signal);
  while (first < windows.length) {
    const totals = await totalsInPlace(staging, first, signal);
    if (totals === undefined || BigInt(totals.kept) !== published) break;
    before = totals;
    first += 1;
  }
  return { first, before, keepFrom: inHand - 1 };
}
