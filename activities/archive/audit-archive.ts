import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { postCounts } from './audit/post-counts.ts';
import { readHistoryFolder } from './history/history-folder.ts';
import type { ArchiveStepInput, PostedCounts } from './steps.ts';

/** Posts the counts of this run's execution, and of earlier ones for which that failed: each once. */
export function auditArchive(deps: Dependencies) {
  return async ({ job }: ArchiveStepInput, { signal, progress }: StepContext): Promise<PostedCounts> => {
    const store = deps.hdfs(job.connections.hdfs);
    const { executions } = await readHistoryFolder(store, job.history, signal);
    return postCounts(executions, {
      store,
      kafka: () => deps.kafka(job.connections.kafka),
      folders: new ArchiveFolders(job),
      history: job.history,
      signal,
      progress: (execution) => progress({ posting: execution }),
    });
  };
}
