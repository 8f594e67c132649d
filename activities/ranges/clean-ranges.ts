import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { RangesFiles } from './ranges-files.ts';
import type { RangesStepInput } from './steps.ts';

/** Deletes the job's folder; nothing happens where it is gone already, or the next job has its own there. */
export function cleanRanges(deps: Dependencies) {
  return async ({ job }: RangesStepInput, { signal }: StepContext): Promise<void> => {
    await new RangesFiles(deps.hdfs(job.connections.hdfs), job.staging, job.id).remove(signal);
  };
}
