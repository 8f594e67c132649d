import { patched, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunProgress } from './run-progress.ts';

/** Search attribute of type Keyword: how far a job is, in Temporal's list of workflows. */
export const PROGRESS_ATTRIBUTE = 'RewindProgress';

/** A job tells of so many per cent at once: each time is an event in its history. */
const STEP_PERCENT = 5;

/** `publish 45 %`, `decode, waits for ...`, `done`: a list has room for a few words. */
export function shareText({ step, status, waitingFor }: RunProgress, percent: number | undefined): string {
  const share = percent === undefined ? '' : ` ${Math.floor(percent / STEP_PERCENT) * STEP_PERCENT} %`;
  if (status === 'done') return 'done';
  if (status !== 'running') return `${step}${share}, ${status}`;
  return waitingFor === undefined ? `${step}${share}` : `${step}${share}, waits for ${waitingFor.for}`;
}

/**
 * Tells the list how far a job is, where the server has the attribute as the job's first step found it: a job of an older
 * release, or of a server without it, gives no command. Nor does one that was begun while workers of both releases ran:
 * the first step of a newer one has told an older one's workflow of the attribute.
 */
export class ToldShare {
  readonly #tells: boolean;
  readonly #ofWaits: boolean;
  #told: string | undefined;

  /** @param ofWaits - whether to tell what is waited for */
  constructor(searchAttributes: readonly string[] = [], ofWaits = true) {
    this.#ofWaits = ofWaits;
    // Asked once, here: what comes later may be seen live, and would be missing when it is replayed.
    this.#tells = searchAttributes.includes(PROGRESS_ATTRIBUTE) && patched('tells-share');
  }

  tell(progress: RunProgress, percent: number | undefined): void {
    const said = this.#ofWaits ? progress : { ...progress, waitingFor: undefined };
    const value = shareText(said, percent).slice(0, 200);
    if (!this.#tells || value === this.#told) return;
    this.#told = value;
    upsertSearchAttributes([{ key: { name: PROGRESS_ATTRIBUTE, type: 'KEYWORD' }, value }]);
  }
}
