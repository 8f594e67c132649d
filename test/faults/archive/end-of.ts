import { WorkflowFailedError } from '@temporalio/client';
import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { reasonOf } from '../../support/replay-harness.ts';
import { resultOf } from '../round-end.ts';
import type { StartedRun } from './archive-round.ts';

/** How a run under attack ended; a failure that nothing of the round excuses is a fault. */
export async function endOf({ handle, mayFail }: StartedRun, faults: string[]): Promise<string> {
  try {
    const { files } = (await resultOf(handle)) as ArchiveResult;
    return `${files} files`;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (mayFail === undefined) faults.push(`a run failed that should go on: ${reasonOf(error)}`);
    return `failed, ${mayFail ?? 'for no reason'}: ${reasonOf(error).slice(0, 200)}`;
  }
}
