import type { Draws } from '../support/camus-archive/draws.ts';
import type { WatchedStep } from '../support/job-watch.ts';
import type { Moment } from '../support/step-watch.ts';
import type { FaultRound } from './fault-round.ts';

/** What an `early` strike says that waited in vain: it came too late. */
export const NOT_SEEN = 'the run came to its end without it';

/** One way in which a job is attacked; `Round` is what it lays hands on. */
export interface FaultKind<Round = FaultRound, Step extends string = WatchedStep> {
  /** `FAMILY.WHAT`, as reports and `--kinds` name it. */
  name: string;
  /** Brokers that it takes, at least. @default 1 */
  brokers?: number;
  /** It strikes only those that use a registry. */
  registry?: boolean;
  /** Steps that it strikes in; any where it is left out. */
  steps?: readonly Step[];
  /** It waits itself for what it strikes at, and begins as long as its step is not over. */
  early?: boolean;
  /**
   * Strikes, and puts everything back in order: servers run and networks are whole when it resolves. What lasts beyond
   * that (a worker that wakes later) is told to the round. Returns what it did, for the report.
   */
  strike(round: Round, draws: Draws): Promise<string>;
}

/** A strike as the seed has drawn it. */
export interface PlannedStrike<Round = FaultRound, Step extends string = WatchedStep> {
  kind: FaultKind<Round, Step>;
  moment: Moment<Step>;
}
