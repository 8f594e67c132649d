import type { Draws } from '../support/camus-archive/draws.ts';
import type { Moment, WatchedStep } from '../support/job-watch.ts';
import type { FaultRound } from './fault-round.ts';

/** One way in which a replay is attacked. */
export interface FaultKind {
  /** `FAMILY.WHAT`, as reports and `--kinds` name it. */
  name: string;
  /** Brokers that it takes, at least. @default 1 */
  brokers?: number;
  /** Steps that it strikes in; any where it is left out. */
  steps?: readonly WatchedStep[];
  /**
   * Strikes, and puts everything back in order: servers run and networks are whole when it resolves. What lasts beyond
   * that (a worker that wakes later) is told to the round. Returns what it did, for the report.
   */
  strike(round: FaultRound, draws: Draws): Promise<string>;
}

/** A strike as the seed has drawn it. */
export interface PlannedStrike {
  kind: FaultKind;
  moment: Moment;
}
