import type { RateLimit } from '../../activities/step/rate-limit.ts';

/** What people have asked of a job; part of its state, so that it outlives a continued run. */
export interface ControlState {
  paused: boolean;
  rate: RateLimit;
}

/** What any job knows of itself, carried over continue-as-new: plain JSON, of bounded size. */
export interface RunState<Step extends string = string> {
  /** Which search attributes the server has; undefined for a job of an older release. */
  job: { searchAttributes?: readonly string[] | undefined };
  /** The step that runs, or is next; `done` is the last of every workflow. */
  step: Step;
  control: ControlState;
  /** Times of the workflow, in milliseconds since 1970 UTC: of its start, and of the step that runs. */
  startedAt: number;
  stepSince?: number | undefined;
  /** Seconds that each step took, with continued runs added up. */
  seconds: Partial<Record<Step, number>>;
}
