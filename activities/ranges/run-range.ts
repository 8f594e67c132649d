import { ApplicationFailure } from '@temporalio/common';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { shareOf } from '../step/rate-limit.ts';
import type { StepContext } from '../step/run-step.ts';
import { RANGES_COUNTERS } from './counters.ts';
import { failureOfFunction, failuresBefore } from './function-failures.ts';
import { requirePlan } from './plan-ranges.ts';
import type { PlannedRange } from './plan/range-plan-file.ts';
import { RangesFiles } from './ranges-files.ts';
import { encodeReport, parseReport, readReport, type RangeReport } from './run/range-report.ts';
import { FunctionFailed, type RangeDone } from './run/range-task.ts';
import type { DoneRange, RangeInput } from './steps.ts';

/** Memory of a range beside what the function holds: fetched batches, one that is unpacked, and one in hand. */
const RANGE_BYTES = 32 * 1024 * 1024;

/** Runs the user's function over one range, and puts its summary in place once, whichever attempt is first. */
export function runRange(deps: Dependencies) {
  return async ({ job, range: number, rate }: RangeInput, context: StepContext): Promise<DoneRange> => {
    const { signal, progress, metrics, attempt } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new RangesFiles(store, job.staging, job.id);
    const plan = await requirePlan(store, job, signal);
    const range = plan.ranges[number];
    if (range === undefined)
      throw new JobError('staging-lost', `${files.plan} has no range ${number}: it is another job's.`, {
        range: number,
      });
    const before = await readReport(files, range, signal);
    if (before !== undefined) return told(number, before);
    const failures = failuresBefore(context.resumed);
    const functionsPath = await pathOfFunctions(deps);
    const release = await deps.budget.take(RANGE_BYTES, signal);
    try {
      progress({ failures });
      const done = await deps.ranger.range(
        {
          job,
          range,
          reader: plan.schemas.find(({ topic }) => topic === range.topic)?.json,
          functionsPath,
          rate: shareOf(rate, Math.min(job.concurrency, plan.ranges.length)),
          attempt,
        },
        { signal, progress: (at) => progress({ ...at, failures }) },
      );
      await keepSkipped(files, number, range, done, signal);
      const path = files.report(range.id);
      const placed = parseReport(path, await files.putSmall(path, encodeReport(range, done), signal));
      metrics.count(RANGES_COUNTERS.rewind_ranges_done, 1);
      metrics.count(RANGES_COUNTERS.rewind_range_records, placed.records);
      metrics.count(RANGES_COUNTERS.rewind_range_bytes, placed.bytes);
      for (const [reason, count] of Object.entries(placed.left))
        metrics.count(RANGES_COUNTERS.rewind_range_records_left, count, { reason });
      return told(number, placed);
    } catch (error) {
      if (!(error instanceof FunctionFailed)) throw error;
      metrics.count(RANGES_COUNTERS.rewind_function_failures, 1);
      throw failureOfFunction(error, failures + 1, job, progress);
    } finally {
      release();
    }
  };
}

/** The functions module of this worker, which another worker of the task queue may have where this one has none. */
export async function pathOfFunctions(deps: Pick<Dependencies, 'functions'>): Promise<string> {
  const module = await deps.functions();
  if (module !== undefined) return module.path;
  throw ApplicationFailure.retryable(
    'This worker has no functions module: set functions (REWIND_FUNCTIONS) in its configuration, as that of the worker that began the job has it.',
    'rewind.job.function-unknown',
  );
}

function told(range: number, { records, bytes, left, seconds }: RangeReport): DoneRange {
  return { range, records: String(records), bytes: String(bytes), left, seconds };
}

/** Lists what could not be decoded, before the report that counts it: the same values in every attempt. */
async function keepSkipped(
  files: RangesFiles,
  number: number,
  { topic, partition }: PlannedRange,
  { skipped }: RangeDone,
  signal: AbortSignal,
): Promise<void> {
  if (skipped.length === 0) return;
  await files.beginSkipped(signal);
  const lines = skipped.map((each) => `${JSON.stringify({ topic, partition, ...each })}\n`);
  await files.put(files.skipped(number), [Buffer.from(lines.join(''))], signal);
}
