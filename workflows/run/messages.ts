import { defineSignal } from '@temporalio/workflow';
import type { RateLimit } from '../../activities/step/rate-limit.ts';

/** What every job understands, whatever its workflow. */

/** Ends the step in hand at its next safe point; while a job is paused, it holds no producer and no transaction. */
export const pauseSignal = defineSignal('pause');

/** Goes on after a pause. */
export const resumeSignal = defineSignal('resume');

/** Holds the job to so many records and bytes a second from now on; `{}` lets it go as fast as it can. */
export const rateSignal = defineSignal<[RateLimit]>('rate');

/** Name of the query for how far a job is; each workflow defines it with an answer of its own. */
export const PROGRESS_QUERY = 'progress';
