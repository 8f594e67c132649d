import { getClient, log, type Info } from '@temporalio/activity';
import { awaitedBy } from './awaited-by.ts';
import { isTold, shortError, troubleBefore, WAITING_SIGNAL, type StepWaits, type Waiting } from './waiting.ts';

/**
 * Moving for so long in its first attempt, a step waits no more; later attempts must move longer, so that the workflow
 * of a step that moves a little and fails, for weeks, is told ever more seldom.
 */
const MOVES_FOR_MS = 10_000;

/**
 * What a step waits for, over its attempts: it stands in the heartbeat, which the next attempt finds and which is seen
 * from outside without any worker, and the workflow is told of it, which can't see attempts.
 */
export class StepWait {
  /** What the attempt before had told of its progress. */
  readonly detailsBefore: Record<string, unknown>;
  readonly #info: Info;
  /** Since when nothing but failures, or short moves between them, has been seen. */
  #since: string | undefined;
  #waiting: Waiting | undefined;
  #movesSince: number | undefined;
  #told: boolean;

  constructor(info: Info) {
    this.#info = info;
    const { since, waiting, details } = troubleBefore(info.heartbeatDetails);
    this.detailsBefore = details;
    this.#since = since;
    this.#waiting = waiting;
    this.#told = since !== undefined;
  }

  /** The details of a heartbeat, with what is waited for, or since when it was until a moment ago. */
  in(details: Record<string, unknown>): Record<string, unknown> {
    if (this.#since === undefined) return details;
    if (this.#waiting === undefined) return { ...details, troubledSince: this.#since };
    return { ...details, waitingFor: this.#waiting };
  }

  /** The attempt itself tries again, and again. */
  began(awaited: string, error: string): void {
    const first = this.#since === undefined;
    this.#set(awaited, error);
    if (first) this.#tell();
  }

  /** The attempt failed, and another one follows. */
  failed(error: unknown): void {
    this.#set(awaitedBy(error), error instanceof Error ? error.message : String(error));
    if (isTold(this.#info.attempt)) this.#tell();
  }

  /** The step moves. */
  moved(now: number): void {
    if (this.#since === undefined) return;
    this.#waiting = undefined;
    this.#movesSince ??= now;
    if (now - this.#movesSince < MOVES_FOR_MS * this.#info.attempt) return;
    this.#since = undefined;
    if (this.#told) this.#tell();
    this.#told = false;
  }

  #set(awaited: string, error: string): void {
    this.#since ??= new Date().toISOString();
    this.#movesSince = undefined;
    this.#waiting = { for: awaited, since: this.#since, error: shortError(error) };
  }

  #tell(): void {
    this.#told = true;
    const { activityType, activityId, workflowExecution } = this.#info;
    if (workflowExecution === undefined) return;
    const { workflowId, runId } = workflowExecution;
    const waits: StepWaits = { step: activityType, id: activityId, waiting: this.#waiting };
    getClient()
      .workflow.getHandle(workflowId, runId)
      .signal(WAITING_SIGNAL, waits)
      // The heartbeat says it as well; a step doesn't fail for what is only told.
      .catch((error: unknown) => {
        log.warn('the workflow could not be told what its step waits for', { error });
      });
  }
}
