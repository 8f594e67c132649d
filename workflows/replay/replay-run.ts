import type { ReplayControl } from './replay-control.ts';
import type { ReplayState } from './replay-state.ts';
import type { Steps } from './steps-of.ts';

/** What the parts of a replay share while it runs. */
export interface ReplayRun {
  readonly state: ReplayState;
  readonly steps: Steps;
  readonly control: ReplayControl;
  /** Shows what has changed to who watches. */
  readonly show: () => void;
  /** Goes on in a new run where the history is long; to be called with no activity in hand. */
  readonly carryOn: () => Promise<void>;
}
