import { WorkflowFailedError } from '@temporalio/client';
import { isBadData } from '../../../activities/log/left-reasons.ts';
import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { reasonOf } from '../../support/replay-harness.ts';
import { resultOf } from '../round-end.ts';
import type { StartedRun } from './archive-round.ts';

/**
 * How a run under attack ended; a failure that nothing of the round excuses is a fault.
 *
 * @param waits whether it may leave nothing to the next run: what was away is waited for
 */
export async function endOf({ handle, mayFail }: StartedRun, faults: string[], waits = false): Promise<string> {
  try {
    const { files, problems, left } = (await resultOf(handle)) as ArchiveResult;
    const wrong = [...problems.map(({ message }) => message), ...Object.keys(left).filter(isBadData)];
    if (waits && wrong.length > 0) faults.push(`a run took what was away for bad data: ${wrong.join('; ')}`);
    return `${files} files`;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (mayFail === undefined) faults.push(`a run failed that should go on: ${reasonOf(error)}`);
    return `failed, ${mayFail ?? 'for no reason'}: ${reasonOf(error).slice(0, 200)}`;
  }
}
