// Windows of offsets: whatever splits have, each is in one window, which none of its records is before; windows follow one
// another without a hole; and what is said to be in memory is at least what has records of the window.
import { describe, expect, it } from 'vitest';
import { planOffsetWindows, type SplitOffsets } from '../../../../activities/replay/windows/plan-offset-windows.ts';
import { windowAt } from '../../../../activities/replay/windows/window-table.ts';
import { Draws } from '../../../support/camus-archive/draws.ts';

function randomSplits(seed: number): SplitOffsets[] {
  const draws = new Draws(seed);
  return Array.from({ length: 1 + draws.below(60) }, (_, number) => {
    const bytes = 1 + draws.below(100);
    if (draws.next() < 0.05) return { number, bytes, from: Infinity, denseTo: -Infinity, to: -Infinity };
    const from = draws.below(500);
    const to = from + 1 + draws.below(200);
    return { number, bytes, from, denseTo: from + 1 + draws.below(to - from), to };
  });
}

describe('windows of offsets', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'hold all splits, none of which begins before its window (%i)',
    (seed) => {
      const splits = randomSplits(seed);
      const { windows, held } = planOffsetWindows(splits, 150);
      expect(windows.flatMap((window) => [...(window.splits ?? [])]).toSorted((a, b) => a - b)).toEqual(
        splits.map(({ number }) => number),
      );
      expect([windows[0]?.from, windows.at(-1)?.to]).toEqual([-Infinity, Infinity]);
      for (const [number, window] of windows.entries()) {
        expect(window.number).toBe(number);
        if (number > 0)
          expect([window.from, window.firstSplit]).toEqual([windows[number - 1]!.to, windows[number - 1]!.endSplit]);
        expect(window.from).toBeLessThan(window.to);
        const own = splits.filter((split) => window.splits!.includes(split.number));
        expect(Math.min(...own.map(({ from }) => from))).toBeGreaterThanOrEqual(window.from);
        expect(window.bytes).toBe(own.reduce((sum, { bytes }) => sum + bytes, 0));
        const behind = new Set(windows.slice(0, number + 1).flatMap(({ splits: of }) => [...of!]));
        const reaching = splits.filter((split) => behind.has(split.number) && split.to > window.from);
        expect(held[number]).toBeGreaterThanOrEqual(reaching.reduce((sum, { bytes }) => sum + bytes, 0));
        const few = planOffsetWindows(splits, 150, 20).held[number];
        const left = ({ bytes, denseTo }: SplitOffsets): number =>
          denseTo > window.from ? bytes : Math.min(bytes, 20);
        expect(few).toBeGreaterThanOrEqual(reaching.reduce((sum, split) => sum + left(split), 0));
        expect(few).toBeLessThanOrEqual(held[number]!);
        if (window.from !== -Infinity) expect(windowAt(windows, window.from)).toBe(window);
      }
    },
  );

  it('are as small as they are to be, whatever order the splits stand in, and hold nothing that is behind', () => {
    const splits = Array.from({ length: 8 }, (_, number) => {
      // Two files, cut in four parts each, one behind the other.
      const from = (number % 4) * 100;
      return { number, bytes: 10, from, denseTo: from + 100, to: from + 100 };
    });
    const { windows, held } = planOffsetWindows(splits, 1);
    expect(windows.map(({ splits: of, from }) => [of, from])).toEqual([
      [[0, 4], -Infinity],
      [[1, 5], 100],
      [[2, 6], 200],
      [[3, 7], 300],
    ]);
    expect(held).toEqual([20, 20, 20, 20]);
  });

  it('hold little of a split whose last records came late', () => {
    // Four files, in each of which some records come as long after the others as three more files take.
    const splits = Array.from({ length: 4 }, (_, number) => {
      const from = number * 100;
      return { number, bytes: 50, from, denseTo: from + 100, to: from + 400 };
    });
    expect(planOffsetWindows(splits, 1).held).toEqual([50, 100, 150, 200]);
    expect(planOffsetWindows(splits, 1, 5).held).toEqual([50, 55, 60, 65]);
    expect(planOffsetWindows(splits, 1, 80).held).toEqual([50, 100, 150, 200]);
  });
});
