import { setMaxListeners } from 'node:events';
import { activityInfo, cancellationDetails, cancellationSignal, getClient, heartbeat, log } from '@temporalio/activity';
import { isGrpcServiceError } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { toFailure } from './failures.ts';
import { temporalServer, type TemporalServer } from './temporal-server.ts';

/** What a step gets beside its input. */
export interface StepContext {
  /** Aborted on cancel, pause, time-out of the attempt, or shutdown of the worker; `reason` says which. */
  readonly signal: AbortSignal;
  /** Whether the workflow asked this step to end, of all the reasons for which `signal` may be aborted. */
  readonly cancelRequested: () => boolean;
  /** Shown with the heartbeat, and the sign that this attempt moves: to be called for every bit of progress. */
  readonly progress: (details: Record<string, unknown>) => void;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  readonly temporal: TemporalServer;
  readonly log: Pick<typeof log, 'info' | 'warn'>;
}

/** Without progress for this many heartbeat time-outs an attempt is taken for hung, and heartbeats no more. */
const STALLED_AFTER_TIMEOUTS = 20;

/**
 * Makes an activity of a step: heartbeats while it moves, tells cancellation apart from failure, and turns every
 * error into a typed failure.
 */
export function activityOf<I, O>(body: (input: I, context: StepContext) => Promise<O>): (input: I) => Promise<O> {
  return async (input) => {
    const { heartbeatTimeoutMs = 30_000, attempt } = activityInfo();
    const signal = cancellationSignal();
    setMaxListeners(0, signal); // as many as there are requests under way, which the connections bound
    let details: Record<string, unknown> = {};
    let movedAt = Date.now();
    const beat = (): void => {
      if (Date.now() - movedAt < heartbeatTimeoutMs * STALLED_AFTER_TIMEOUTS) heartbeat(details);
    };
    beat();
    const timer = setInterval(beat, Math.max(100, heartbeatTimeoutMs / 4));
    const progress = (latest: Record<string, unknown>): void => {
      details = latest;
      movedAt = Date.now();
    };
    try {
      await endUnlessCurrent();
      const cancelRequested = (): boolean => cancellationDetails()?.cancelRequested === true;
      return await body(input, { signal, cancelRequested, progress, attempt, temporal: temporalServer(), log });
    } catch (error) {
      // The reason tells pause, reset, shutdown and cancel apart; whatever broke on the way out is its consequence.
      if (signal.aborted) throw signal.reason as Error;
      throw toFailure(error);
    } finally {
      clearInterval(timer);
    }
  };
}

const NOT_FOUND = 5; // google.rpc.Code

/**
 * Ends an attempt that the server gave up before it began: a process that was frozen wakes with tasks in hand that
 * others have taken over since, and its publishers would fence theirs.
 */
async function endUnlessCurrent(): Promise<void> {
  const { taskToken, namespace } = activityInfo();
  try {
    await getClient().workflowService.recordActivityTaskHeartbeat({ taskToken, namespace });
  } catch (error) {
    // A server that can't be asked now is no reason to stop: the heartbeats to come tell as well.
    if (!isGrpcServiceError(error) || Number(error.code) !== NOT_FOUND) return;
    throw ApplicationFailure.create({
      type: 'rewind.attempt-over',
      message: 'This attempt was over before it began: the server has given the step to another one.',
      category: ApplicationFailureCategory.BENIGN,
    });
  }
}
