import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import type { RangesStepInput } from './steps.ts';

/** Deletes the job's folder; nothing happens where it is gone already. */
export function cleanRanges(deps: Dependencies) {
  return async ({ job }: RangesStepInput, { signal }: StepContext): Promise<void> => {
    await deps.hdfs(job.connections.hdfs).delete(job.staging, { recursive: true, signal });
  };
}
