import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { RateLimit } from '../../activities/replay/steps.ts';
import type { ReplayProgress } from './progress.ts';

/** Ends the step in hand at its next safe point; while a job is paused, it holds no producer and no transaction. */
export const pauseSignal = defineSignal('pause');

/** Goes on after a pause. */
export const resumeSignal = defineSignal('resume');

/** Holds publishing to so many records and bytes a second from now on; `{}` lets it go as fast as it can. */
export const rateSignal = defineSignal<[RateLimit]>('rate');

/** How far a replay is; undefined while its input is being checked. */
export const progressQuery = defineQuery<ReplayProgress | undefined>('progress');
