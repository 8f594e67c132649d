import type { RateLimit } from '../../activities/step/rate-limit.ts';
import type { RunState } from './run-state.ts';
import type { WaitingStep } from './run-waits.ts';

export type RunStatus = 'running' | 'pausing' | 'paused' | 'cancelling' | 'cancelled' | 'done';

/** What the answer of the query `progress` has in every workflow. */
export interface RunProgress<Step extends string = string> {
  job: string;
  status: RunStatus;
  step: Step;
  /** Records and bytes a second that the job is held to. */
  rate: RateLimit;
  /** Seconds that each step took so far. */
  seconds: Partial<Record<Step, number>>;
  /** ISO-8601. */
  startedAt: string;
  /** What the step in hand waits for, if it does: of several the one that has waited longest. */
  waitingFor?: WaitingStep | undefined;
}

/** Seconds of each step, in milliseconds' precision, with the step that runs counted up to `now`. */
export function secondsOf<Step extends string>(
  { seconds, step, stepSince }: RunState<Step>,
  now: number,
): Partial<Record<Step, number>> {
  const all: Partial<Record<Step, number>> = { ...seconds };
  if (stepSince !== undefined) all[step] = (seconds[step] ?? 0) + (now - stepSince) / 1000;
  for (const name of Object.keys(all) as Step[]) all[name] = Math.round((all[name] ?? 0) * 1000) / 1000;
  return all;
}
