import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import type { ArchiveStepInput } from './steps.ts';

/** Deletes the folder of a run that has decided nothing: cancelled or without anything new, it leaves no trace. */
export function discardArchive(deps: Dependencies) {
  return async ({ job }: ArchiveStepInput, { signal }: StepContext): Promise<void> => {
    await deps.hdfs(job.connections.hdfs).delete(job.staging, { recursive: true, signal });
  };
}
