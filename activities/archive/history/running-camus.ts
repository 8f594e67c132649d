import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { JobError } from '../../step/job-error.ts';

/** An execution that has changed within so many milliseconds is taken for one that goes on. */
const STILL_MS = 10 * 60_000;

/**
 * Refuses to work beside a Camus, as far as one can be seen: it has no lock, but builds its execution in EXEC under a
 * date. What it archives would be there twice.
 *
 * @throws JobError 'archive-running' for an execution in EXEC that has changed in the last ten minutes
 */
export async function assertNoRunningCamus(
  store: FileStore,
  exec: string,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { path, kind } of store.list(exec, signal)) {
      if (kind !== 'directory' || writtenLayout().executionStart(baseName(path)) === undefined) continue;
      const changed = await lastChange(store, path, signal);
      if (now - changed < STILL_MS)
        throw new JobError(
          'archive-running',
          `${path} has changed at ${new Date(changed).toISOString()}: a run of Camus seems to go on. Wait for its end, see that nothing starts it again, and start the archive ten minutes later; a failed run's folder may be moved away.`,
          { path, folder: exec },
        );
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
}

/** Of the folder, and of all below it: a task writes two levels down. */
async function lastChange(store: FileStore, folder: string, signal: AbortSignal): Promise<number> {
  let last = (await store.status(folder, signal))?.modifiedAt ?? 0;
  try {
    for await (const { path, kind, modifiedAt } of store.list(folder, signal))
      last = Math.max(last, modifiedAt, kind === 'directory' ? await lastChange(store, path, signal) : 0);
  } catch (error) {
    // It may end while it is looked at.
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  return last;
}
