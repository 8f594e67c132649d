import type { Dependencies } from '../../dependencies.ts';
import { readSplit } from '../../replay/manifest/read-manifest.ts';
import type { StepContext } from '../../step/run-step.ts';
import { READING_BYTES } from '../compared-archive.ts';
import { VERIFY_COUNTERS } from '../counters.ts';
import type { TalliedRecords } from '../steps.ts';
import { VerifyFiles } from '../verify-files.ts';
import { requirePlan } from '../verify-plan.ts';
import type { TallyStep, TallySteps } from './tally-task.ts';

/**
 * A step that decodes and hashes, in a thread, within the memory of the worker.
 *
 * @param bytesOf - memory that it takes; @default what reading takes
 */
export function runTally<Step extends TallyStep>(
  step: Step,
  deps: Dependencies,
  bytesOf: (input: TallySteps[Step], signal: AbortSignal) => Promise<number> = async () => READING_BYTES,
) {
  return async (input: TallySteps[Step], { signal, progress, metrics }: StepContext): Promise<TalliedRecords> => {
    const { hdfs, kafka } = input.job.connections;
    // Names that this worker does not have are told as everywhere.
    deps.hdfs(hdfs);
    deps.kafka(kafka);
    const release = await deps.budget.take(await bytesOf(input, signal), signal);
    try {
      const fileAt = (index: number): Promise<string> => fileOf(deps, input, index, signal);
      const { tallied, compared } = await deps.tallier.tally(step, input, { signal, progress, fileAt });
      metrics.count(VERIFY_COUNTERS.rewind_records_compared, compared);
      return tallied;
    } finally {
      release();
    }
  };
}

/** The path of a file of a split; what is read otherwise, in words. */
async function fileOf(
  deps: Dependencies,
  input: TallySteps[TallyStep],
  index: number,
  signal: AbortSignal,
): Promise<string> {
  const { job, target } = input;
  if ('range' in input) return `${target} topic of ${job.topic}`;
  if ('number' in input) return `archive of ${job.topic}`;
  const store = deps.hdfs(job.connections.hdfs);
  const { manifest } = await requirePlan(store, job, signal);
  const { files } = await readSplit(store, new VerifyFiles(store, job.staging).manifest(manifest), input.split, signal);
  return files[index]?.path ?? `split ${input.split} of the archive of ${job.topic}`;
}
