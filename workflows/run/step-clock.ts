import type { RunState } from './run-state.ts';

/** Runs a step unless an earlier run of this job has finished it. `order` names all steps, `done` at the end. */
export async function runStep<Step extends string>(
  state: RunState<Step>,
  order: readonly Step[],
  step: Step,
  body: () => Promise<void>,
): Promise<void> {
  if (order.indexOf(state.step) > order.indexOf(step)) return;
  await timed(state, step, body);
  state.step = order[order.indexOf(step) + 1] ?? step;
}

/** Runs a step whose result the state doesn't hold: a continued run must come by here again. */
export async function timed<Step extends string>(
  state: RunState<Step>,
  step: Step,
  body: () => Promise<void>,
): Promise<void> {
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
