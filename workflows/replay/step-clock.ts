import type { ReplayState, ReplayStep } from './replay-state.ts';

const ORDER: ReplayStep[] = [
  'offsets',
  'list',
  'claim',
  'decode',
  'catalogue',
  'publish',
  'verify',
  'commit',
  'clean',
  'done',
];

/** Runs a step unless an earlier run of this job has finished it. */
export async function runStep(state: ReplayState, step: ReplayStep, body: () => Promise<void>): Promise<void> {
  if (ORDER.indexOf(state.step) > ORDER.indexOf(step)) return;
  await timed(state, step, body);
  state.step = ORDER[ORDER.indexOf(step) + 1] ?? 'done';
}

/** Runs a step whose result the state doesn't hold: a continued run must come by here again. */
export async function timed(state: ReplayState, step: ReplayStep, body: () => Promise<void>): Promise<void> {
  state.step = step;
  const start = Date.now();
  state.stepSince = start;
  try {
    await body();
  } finally {
    state.seconds[step] = (state.seconds[step] ?? 0) + (Date.now() - start) / 1000;
    state.stepSince = undefined;
  }
}
