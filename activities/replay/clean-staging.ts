import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import type { StepInput } from './steps.ts';

/** Deletes the job's staging folder; nothing happens where it is gone already. */
export function cleanStaging(deps: Dependencies) {
  return async ({ job }: StepInput, { signal }: StepContext): Promise<void> => {
    await deps.hdfs(job.connections.hdfs).delete(job.staging, { recursive: true, signal });
  };
}
