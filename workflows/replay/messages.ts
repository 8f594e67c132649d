import { defineQuery } from '@temporalio/workflow';
import { PROGRESS_QUERY } from '../run/messages.ts';
import type { ReplayProgress } from './progress.ts';

/** How far a replay is; undefined while its input is being checked. */
export const progressQuery = defineQuery<ReplayProgress | undefined>(PROGRESS_QUERY);
