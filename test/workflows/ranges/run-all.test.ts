// Ranges run some at a time; a job pauses and goes on in a new run with none in hand, and counts each range once.
import { expect, it } from 'vitest';
import type { DoneRange, RangeInput } from '../../../activities/ranges/steps.ts';
import type { RangesJob } from '../../../activities/ranges/job/ranges-job.ts';
import { newRangesState, type RangesState } from '../../../workflows/ranges/ranges-state.ts';
import { runAll, type RangesRun } from '../../../workflows/ranges/run-all.ts';

class Continued extends Error {}

function stateOf(ranges: number, concurrency: number): RangesState {
  const job = { id: 'w/r', concurrency, rate: {} } as RangesJob;
  const planned = { ranges } as NonNullable<RangesState['planned']>;
  return { ...newRangesState(job, job.id, 0), planned };
}

interface Seen {
  inHand: number;
  most: number;
  run: number[];
  rates: unknown[];
}

/** One run of the workflow; its history is long after so many ranges. */
function runOf(
  state: RangesState,
  seen: Seen,
  longAfter = Infinity,
  each?: (range: number) => void,
  ended?: () => boolean,
): RangesRun {
  let begun = 0;
  let resumed: (() => void) | undefined;
  const control = {
    get pausing() {
      return state.control.paused;
    },
    gate: async (): Promise<void> => {
      expect(seen.inHand).toBe(0);
      if (!state.control.paused) return;
      await new Promise<void>((resolve) => (resumed = resolve));
      state.control.paused = false;
    },
    underLimit: async <T>(_: unknown, run: () => Promise<T>): Promise<T | undefined> => {
      const result = await run();
      return ended?.() === true ? undefined : result;
    },
  };
  const runRange = async ({ range, rate }: RangeInput): Promise<DoneRange> => {
    begun += 1;
    seen.inHand += 1;
    seen.most = Math.max(seen.most, seen.inHand);
    seen.rates.push(rate.records);
    await new Promise((resolve) => setTimeout(resolve, range % 3));
    seen.inHand -= 1;
    seen.run.push(range);
    each?.(range);
    return { range, records: '9007199254740993', bytes: '2', left: { aborted: 1 }, seconds: 0 };
  };
  const historyIsLong = (): boolean => begun >= longAfter;
  return {
    state,
    control,
    show: () => {
      if (resumed !== undefined && state.control.paused) setTimeout(resumed, 5);
    },
    oneByOne: true,
    historyIsLong,
    carryOn: async () => {
      expect(seen.inHand).toBe(0);
      throw new Continued();
    },
    steps: { runRange: { executeWithOptions: (_: unknown, [input]: [RangeInput]) => runRange(input) } },
    resume: () => resumed?.(),
  } as unknown as RangesRun;
}

const nothing = (): Seen => ({ inHand: 0, most: 0, run: [], rates: [] });

it('runs a thousand ranges over many runs of the workflow, each once, with a state that does not grow', async () => {
  let state = stateOf(1000, 7);
  const seen = nothing();
  const sizes: number[] = [];
  let runs = 1;
  for (; ; runs += 1) {
    try {
      await runAll(runOf(state, seen, 130));
      break;
    } catch (error) {
      if (!(error instanceof Continued)) throw error;
      // What is carried on is JSON.
      const json = JSON.stringify(state);
      sizes.push(json.length);
      state = JSON.parse(json) as RangesState;
    }
  }
  expect(runs).toBe(8);
  expect(seen.run.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  expect(seen.most).toBe(7);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(10);
  expect(state.ran).toEqual({ ranges: 1000, records: '9007199254740993000', bytes: '2000', left: { aborted: 1000 } });
});

it('ends what it has in hand where it is paused, begins nothing, and goes on with the rest', async () => {
  const state = stateOf(20, 4);
  const seen = nothing();
  const run = runOf(state, seen, Infinity, (range) => {
    if (range === 5) state.control.paused = true;
  });
  const running = runAll(run);
  await expect.poll(() => state.control.paused && seen.inHand === 0).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = seen.run.length;
  expect(before).toBeLessThan(12);
  (run as unknown as { resume: () => void }).resume();
  await running;
  expect(seen.run.length).toBe(20);
  expect(state.ran.ranges).toBe(20);
});

it('gives a new rate to the ranges to come', async () => {
  const state = stateOf(6, 1);
  const seen = nothing();
  await runAll(
    runOf(state, seen, Infinity, (range) => {
      if (range === 2) state.control.rate = { records: 7 };
    }),
  );
  expect(seen.rates).toEqual([undefined, undefined, undefined, 7, 7, 7]);
});

it('fails where a range fails in the same moment in which another one ends well', async () => {
  const state = stateOf(3, 2);
  const run = runOf(state, nothing());
  const done = Promise.resolve();
  const runRange = async (_: unknown, [{ range }]: [RangeInput]): Promise<DoneRange> => {
    await done;
    if (range === 1) throw new Error('no such table');
    return { range, records: '1', bytes: '1', left: {}, seconds: 0 };
  };
  const steps = { runRange: { executeWithOptions: runRange } } as unknown as RangesRun['steps'];
  await expect(runAll({ ...run, steps })).rejects.toThrow('no such table');
});

it('runs a range again that a message has ended, also the last ones, and over runs of the workflow', async () => {
  let state = stateOf(5, 2);
  const seen = nothing();
  let times = 0;
  // Each is ended twice, and done then.
  const ended = (): boolean => ++times % 3 !== 0;
  for (let isDone = false; !isDone;)
    try {
      await runAll(runOf(state, seen, 4, undefined, ended));
      isDone = true;
    } catch (error) {
      if (!(error instanceof Continued)) throw error;
      state = JSON.parse(JSON.stringify(state)) as RangesState;
    }
  expect(seen.run).toHaveLength(15);
  expect(new Set(seen.run).size).toBe(5);
  expect(state.ran.ranges).toBe(5);
  expect(state.rangeAgain).toEqual([]);
});
