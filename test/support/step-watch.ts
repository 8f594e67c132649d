import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { pendingTask } from '../../cli/pending-task.ts';

export interface Moment<Step extends string> {
  step: Step;
  /** Share of the step's work that is done; of most steps only the start. */
  share?: number;
  /** Milliseconds to wait then. */
  delayMs?: number;
}

/** An attempt that a worker has in hand, as the server sees it. */
export interface AttemptInHand {
  step: string;
  attempt: number;
}

const STARTED = 2; // temporal.api.enums.v1.PendingActivityState
const POLL_MS = 10;
const GIVE_UP_MS = 300_000;

/** Watches a workflow from outside, to strike at a chosen moment. */
export abstract class StepWatch<Step extends string> {
  protected readonly handle: WorkflowHandle;
  readonly #ranks: Readonly<Record<Step, number>>;

  /** `ranks`: steps that can be aimed at, in the order in which they come; those that alternate have the same. */
  constructor(handle: WorkflowHandle, ranks: Readonly<Record<Step, number>>) {
    this.handle = handle;
    this.#ranks = ranks;
  }

  /** Resolves at the moment, or with false once the job is past it. A worker must be running. */
  async reach({ step, share = 0, delayMs = 0 }: Moment<Step>): Promise<boolean> {
    const deadline = Date.now() + GIVE_UP_MS;
    while (Date.now() < deadline) {
      const inHand = await this.inHand();
      if (inHand === undefined || this.#isPast(inHand, step)) return false;
      if (inHand.some((other) => other.step === step) && (share === 0 || (await this.share(step)) >= share)) {
        await sleep(delayMs);
        return true;
      }
      await sleep(POLL_MS);
    }
    throw new Error(
      `${this.handle.workflowId} did not come to ${step} (${share}) in ${GIVE_UP_MS} ms: ${await this.#seen()}`,
    );
  }

  /** Whether the step may still begin, or go on. */
  async isAhead(step: Step): Promise<boolean> {
    const inHand = await this.inHand();
    return inHand !== undefined && !this.#isPast(inHand, step);
  }

  /** The attempts that a worker has, as far as the server knows; undefined once the job has ended. */
  async inHand(): Promise<AttemptInHand[] | undefined> {
    const { status, raw } = await this.handle.describe();
    if (status.name !== 'RUNNING') return undefined;
    return (raw.pendingActivities ?? [])
      .filter(({ state }) => Number(state) === STARTED)
      .map(({ activityType, attempt }) => ({ step: activityType?.name ?? '', attempt: attempt ?? 1 }));
  }

  /** What the server says of it, for whoever asks why it stood still. */
  async #seen(): Promise<string> {
    const { status, raw } = await this.handle.describe();
    const task = await pendingTask(this.handle.client, this.handle, raw.pendingWorkflowTask);
    const activities = (raw.pendingActivities ?? []).map(
      ({ activityType, state, attempt, lastWorkerIdentity, lastFailure }) =>
        `${activityType?.name} (state ${state}, attempt ${attempt}, last of ${lastWorkerIdentity ?? 'nobody'}: ${lastFailure?.message ?? 'no failure'})`,
    );
    return `${status.name}, workflow task ${task ? JSON.stringify(task) : 'none'}; ${activities.join('; ') || 'no activity'}`;
  }

  /** Frees what it watches with. */
  async close(): Promise<void> {}

  /** How much of a step's work is done, from 0 to 1. */
  protected abstract share(step: Step): Promise<number>;

  /**
   * The same by what the query `progress` counts. Where every worker is dead or frozen nobody answers, and nothing is done
   * either.
   */
  protected async shareOf<Progress>(
    counted: (progress: Progress) => { done: number; total: number } | undefined,
  ): Promise<number> {
    const progress = await this.handle.query<Progress | undefined>('progress').catch(() => undefined);
    const { done, total } = (progress && counted(progress)) ?? { done: 0, total: 0 };
    return total === 0 ? 0 : done / total;
  }

  #isPast(inHand: readonly AttemptInHand[], step: Step): boolean {
    const ranks: Readonly<Record<string, number>> = this.#ranks;
    return inHand.some((other) => (ranks[other.step] ?? -1) > this.#ranks[step]);
  }
}
