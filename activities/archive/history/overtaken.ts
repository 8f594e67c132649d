import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';
import { readHistoryFolder } from './history-folder.ts';

/**
 * Throws where another execution than those that a run knows is the newest in the history.
 *
 * @param untouched what the run has left as it was, as a sentence
 */
export async function assertNewest(
  store: FileStore,
  history: string,
  known: readonly (string | undefined)[],
  untouched: string,
  signal: AbortSignal,
): Promise<void> {
  const newest = (await readHistoryFolder(store, history, signal)).executions.at(-1);
  if (known.includes(newest)) return;
  throw overtaken(`${history} has the newer execution ${newest ?? 'none'}, which this run did not know`, untouched, {
    newest,
  });
}

export function overtaken(why: string, untouched: string, facts: Record<string, unknown>): JobError {
  return new JobError(
    'archive-overtaken',
    `Another archive was faster: ${why}. ${untouched} Make sure that only one archive (Camus included) works on this history; the next run goes on from there.`,
    facts,
  );
}
