import { defineSignal } from '@temporalio/workflow';
import type { StepWaits, Waiting } from '../../activities/step/waiting.ts';

/** From a step to its workflow, which can't see why an attempt has failed: what the step waits for. */
export const waitingSignal = defineSignal<[StepWaits]>('waiting');

export type WaitingStep = Waiting & { step: string };

/** What the steps in hand wait for, as far as they have told. */
export class RunWaits {
  readonly #waits = new Map<string, WaitingStep>();

  hear({ step, id, waiting }: StepWaits): void {
    if (waiting === undefined) this.#waits.delete(id);
    else this.#waits.set(id, { step, ...waiting });
  }

  /** A step has come to its end: what waits still says so again. */
  moved(): void {
    this.#waits.clear();
  }

  /** The one that has waited longest. */
  get longest(): WaitingStep | undefined {
    return [...this.#waits.values()].sort((a, b) => a.since.localeCompare(b.since))[0];
  }
}
