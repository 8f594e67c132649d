import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import type { VerifyStepInput } from './steps.ts';

/** Deletes the job's folder; the report is not in it. */
export function cleanVerify(deps: Dependencies) {
  return async ({ job }: VerifyStepInput, { signal }: StepContext): Promise<void> => {
    await deps.hdfs(job.connections.hdfs).delete(job.staging, { recursive: true, signal });
  };
}
