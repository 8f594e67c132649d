import type { Dependencies } from '../../dependencies.ts';
import type { StepContext } from '../../step/run-step.ts';
import { READING_BYTES } from '../compared-archive.ts';
import { VERIFY_COUNTERS } from '../counters.ts';
import type { TalliedRecords } from '../steps.ts';
import type { TallyStep, TallySteps } from './tally-task.ts';

/** A step that counts and hashes, in a thread, within the memory of the worker. */
export function runTally<Step extends TallyStep>(step: Step, deps: Dependencies) {
  return async (input: TallySteps[Step], { signal, progress, metrics }: StepContext): Promise<TalliedRecords> => {
    const { hdfs, kafka } = input.job.connections;
    // Names that this worker does not have are told as everywhere.
    deps.hdfs(hdfs);
    deps.kafka(kafka);
    const release = await deps.budget.take(READING_BYTES, signal);
    try {
      const { tallied, compared } = await deps.tallier.tally(step, input, { signal, progress });
      metrics.count(VERIFY_COUNTERS.rewind_records_compared, compared);
      return tallied;
    } finally {
      release();
    }
  };
}
