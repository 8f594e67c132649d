import type { DoneRange } from '../../activities/ranges/steps.ts';
import { addText } from '../run/int64-text.ts';
import type { Run } from '../run/run-job.ts';
import { inWindow } from '../run/window.ts';
import type { RangesState, RangesStep } from './ranges-state.ts';
import type { RangesSteps } from './steps-of.ts';

export interface RangesRun extends Run<RangesStep, RangesState> {
  readonly steps: RangesSteps;
}

/** Runs what was planned, some ranges at a time. */
export async function runAll({ state, steps, show, ...run }: RangesRun): Promise<void> {
  const { job, planned } = state;
  if (planned === undefined) throw new TypeError('run before plan');
  await inWindow({
    ...run,
    atOnce: job.concurrency,
    take: () => (state.nextRange < planned.ranges ? state.nextRange++ : undefined),
    again: (state.rangeAgain ??= []),
    run: (range) => {
      const summary = `range ${range + 1} of ${planned.ranges}`;
      const { rate } = state.control;
      return run.control.underLimit(rate, () => steps.runRange.executeWithOptions({ summary }, [{ job, range, rate }]));
    },
    done: (ran) => {
      if (ran !== undefined) add(state, ran);
      show();
      return ran !== undefined;
    },
  });
}

function add({ ran }: RangesState, { records, bytes, left }: DoneRange): void {
  ran.ranges += 1;
  ran.records = addText(ran.records, records);
  ran.bytes = addText(ran.bytes, bytes);
  for (const [reason, count] of Object.entries(left)) ran.left[reason] = (ran.left[reason] ?? 0) + count;
}
