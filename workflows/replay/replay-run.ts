import type { Run } from '../run/run-job.ts';
import type { ReplayState, ReplayStep } from './replay-state.ts';
import type { Steps } from './steps-of.ts';

/** What the parts of a replay share while it runs. */
export interface ReplayRun extends Run<ReplayStep, ReplayState> {
  readonly steps: Steps;
}
