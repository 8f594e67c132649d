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
    else await store.delete(folder, { recursive: true, signal });
  };
}
