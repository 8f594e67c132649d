import { defineQuery } from '@temporalio/workflow';
import { PROGRESS_QUERY } from '../run/messages.ts';
import type { ReplayProgress } from './progress.ts';

/** How far a replay is, from its first step on. */
export const progressQuery = defineQuery<ReplayProgress>(PROGRESS_QUERY);
