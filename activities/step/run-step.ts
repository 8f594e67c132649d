import { setMaxListeners } from 'node:events';
import {
  activityInfo,
  cancellationDetails,
  cancellationSignal,
  getClient,
  heartbeat,
  log,
  metricMeter,
} from '@temporalio/activity';
import { isGrpcServiceError } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { STEP_COUNTERS } from './counters.ts';
import { withBoundedRemarks } from './bounded-remarks.ts';
import { toFailure } from './failures.ts';
import { stepMetrics, type StepMetrics } from './metrics.ts';
import { temporalServer, type TemporalServer } from './temporal-server.ts';
import { StepWait } from './step-wait.ts';

/** What a step gets beside its input. */
export interface StepContext {
  /** Aborted on cancel, pause, time-out of the attempt, or shutdown of the worker; `reason` says which. */
  readonly signal: AbortSignal;
  /** Whether the workflow asked this step to end, of all the reasons for which `signal` may be aborted. */
  readonly cancelRequested: () => boolean;
  /** Shown with the heartbeat, and the sign that this attempt moves: to be called for every bit of progress. */
  readonly progress: (details: Record<string, unknown>) => void;
  /** Says what this attempt waits for, and the last error; until the next progress it stands in the heartbeat. */
  readonly waits: (awaited: string, error: string) => void;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** What the attempt before this one told as its last progress, to be parsed; undefined for the first. */
  readonly resumed: unknown;
  /** The workflow that asked for this step, with its current run. */
  readonly workflow: { readonly workflowId: string; readonly runId: string };
  readonly temporal: TemporalServer;
  readonly metrics: StepMetrics;
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
    const { heartbeatTimeoutMs = 30_000, attempt, activityType, ...info } = activityInfo();
    const resumed: unknown = info.heartbeatDetails;
    const of = jobOf(input);
    const metrics = stepMetrics(metricMeter, activityType, of.topic);
    const began = performance.now();
    const took = (): number => (performance.now() - began) / 1000;
    const signal = cancellationSignal();
    setMaxListeners(0, signal); // as many as there are requests under way, which the connections bound
    const wait = new StepWait(activityInfo());
    // The first heartbeat must not take away what the last one of the attempt before has told.
    let details = wait.detailsBefore;
    const before = isRecord(resumed) ? wait.detailsBefore : resumed;
    let movedAt = Date.now();
    const beat = (): void => {
      if (Date.now() - movedAt < heartbeatTimeoutMs * STALLED_AFTER_TIMEOUTS) heartbeat(wait.in(details));
    };
    beat();
    const timer = setInterval(beat, Math.max(100, heartbeatTimeoutMs / 4));
    const progress = (latest: Record<string, unknown>): void => {
      details = latest;
      movedAt = Date.now();
      wait.moved(movedAt);
    };
    const waits = (awaited: string, error: string): void => {
      movedAt = Date.now();
      wait.began(awaited, error);
      beat();
    };
    log.info('step begins', { step: activityType, attempt, ...of });
    if (attempt > 1) metrics.count(STEP_COUNTERS.rewind_step_retries, 1);
    try {
      await endUnlessCurrent();
      const cancelRequested = (): boolean => cancellationDetails()?.cancelRequested === true;
      const workflow = info.workflowExecution ?? { workflowId: '', runId: '' }; // there is none of a standalone activity
      const context = {
        signal,
        cancelRequested,
        progress,
        waits,
        attempt,
        resumed: before,
        workflow,
        temporal: temporalServer(),
        metrics,
        log,
      };
      const output = withBoundedRemarks(await body(input, context));
      metrics.seconds(took(), 'done');
      log.info('step done', { step: activityType, attempt, seconds: took(), ...of });
      return output;
    } catch (error) {
      // The reason tells pause, reset, shutdown and cancel apart; whatever broke on the way out is its consequence.
      metrics.seconds(took(), signal.aborted ? 'ended' : 'failed');
      if (signal.aborted) throw signal.reason as Error;
      const failure = toFailure(error, { begun: isBegun(input) });
      const type = failure instanceof ApplicationFailure ? (failure.type ?? 'none') : 'cancelled';
      metrics.count(STEP_COUNTERS.rewind_step_failures, 1, { type });
      if (failure instanceof ApplicationFailure && failure.nonRetryable !== true) {
        wait.failed(error);
        beat();
      }
      throw failure;
    } finally {
      clearInterval(timer);
    }
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a log line and a count say of the job, where the step has one. */
function jobOf(input: unknown): { job?: string; topic?: string } {
  const { job } = (input ?? {}) as { job?: { id?: string; topic?: string } | string };
  if (typeof job !== 'object') return {};
  return { ...(job.id !== undefined && { job: job.id }), ...(job.topic !== undefined && { topic: job.topic }) };
}

/** Whether the step belongs to a job that a worker has accepted: only then it is given the job itself. */
function isBegun(input: unknown): boolean {
  return typeof (input as { job?: unknown } | null | undefined)?.job === 'object';
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
