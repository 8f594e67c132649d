import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { discardRun } from './history/discarded-runs.ts';
import type { DiscardInput } from './steps.ts';

/** Deletes the folder of a run that has decided nothing. Without anything new it leaves no trace; else it is remembered. */
export function discardArchive(deps: Dependencies) {
  return async ({ job, mayDecide = false }: DiscardInput, { signal }: StepContext): Promise<void> => {
    const store = deps.hdfs(job.connections.hdfs);
    const folder = job.staging;
    if (mayDecide) await discardRun(store, new ArchiveFolders(job), { job: job.id, folder }, signal);
    else await discardUnpulled(store, folder, signal);
  };
}

/**
 * Deletes the folder of a run that has pulled nothing: its plan, and the folder only while it is empty. Nobody remembers
 * such a run, so that what it pulls when it is reset while a worker sleeps here must stay; the next one throws it away.
 */
async function discardUnpulled(store: FileStore, folder: string, signal: AbortSignal): Promise<void> {
  const plans: string[] = [];
  try {
    for await (const { path, kind } of store.list(folder, signal)) {
      if (kind === 'directory') return;
      plans.push(path);
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
    return;
  }
  for (const path of plans) await store.delete(path, { signal });
  await store.delete(folder, { signal });
}
