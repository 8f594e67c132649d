import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { eachAtOnce } from '../step/each-at-once.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseStaged } from '../step/staged-json.ts';
import { RANGES_COUNTERS } from './counters.ts';
import { failureOfFunction, failuresBefore } from './function-failures.ts';
import { assertSameLog } from './plan/assert-same-log.ts';
import { badDataOver, EXAMPLES } from './run/bad-data-over.ts';
import type { RangesJob } from './job/ranges-job.ts';
import { requirePlan } from './plan-ranges.ts';
import type { PlannedRange } from './plan/range-plan-file.ts';
import { RangesFiles } from './ranges-files.ts';
import { pathOfFunctions } from './run-range.ts';
import { readReport, type RangeReport } from './run/range-report.ts';
import { FunctionFailed } from './run/range-task.ts';
import { MOST_RESULT_BYTES } from './run/summary-json.ts';
import type { FinishedRanges, RangesStepInput } from './steps.ts';

/** What is pinned of it, so that whatever comes behind doesn't make `finish` run again. */
const finishedShape = z.object({
  result: z.string(),
  moreSummaries: z.number(),
  remarks: z.array(z.string()),
});

/**
 * Looks at what all ranges have come to, and hands their summaries to `finish`, where the job has one. What comes of it is
 * put in place once, before any offset moves.
 */
export function finishRanges(deps: Dependencies) {
  return async ({ job }: RangesStepInput, context: StepContext): Promise<FinishedRanges> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new RangesFiles(store, job.staging, job.id);
    const before = await files.readSmall(files.finished, signal);
    if (before !== undefined) return parseStaged(files.finished, finishedShape, before);
    const plan = await requirePlan(store, job, signal);
    const { ranges } = plan;
    const failures = failuresBefore(context.resumed);
    const progress = (): void => context.progress({ failures });
    progress();
    await assertSameLog(deps.kafka(job.connections.kafka), plan, { signal, progress });
    const told = await lookAtAll(files, ranges, job, failures, context);
    const finished =
      job.finish === undefined || ranges.length === 0
        ? await firstSummaries(files, ranges, signal)
        : { result: await callFinish(deps, files, ranges, job, failures, context), moreSummaries: 0 };
    const bytes = Buffer.from(JSON.stringify({ ...finished, remarks: told } satisfies FinishedRanges));
    return parseStaged(files.finished, finishedShape, await files.putSmall(files.finished, bytes, signal));
  };
}

/**
 * Every range has its report, and no more values were skipped than the job lets pass.
 *
 * @throws JobError 'skip-limit', 'staging-lost'
 */
async function lookAtAll(
  files: RangesFiles,
  ranges: readonly PlannedRange[],
  job: RangesJob,
  failures: number,
  { signal, progress }: StepContext,
): Promise<string[]> {
  const counts: { range: PlannedRange; report: RangeReport }[] = [];
  let examples = 0;
  await eachAtOnce(ranges, 16, async (range) => {
    const report = await readReport(files, range, signal);
    if (report === undefined)
      throw new JobError(
        'staging-lost',
        `The report of range ${range.id} is gone while the job goes on (${files.report(range.id)}): was the folder cleaned? Start the job again.`,
        { range: range.id },
      );
    // Of a hundred thousand ranges nothing is held that is not told.
    counts.push({ range, report: { ...report, summary: '', examples: examples < EXAMPLES ? report.examples : [] } });
    examples += report.examples.length;
    progress({ failures, looked: counts.length });
  });
  const { over, remarks } = badDataOver(counts, job, files.skippedFolder);
  if (over !== undefined) throw new JobError('skip-limit', over);
  const versions = new Set(counts.map(({ report }) => report.hash));
  if (versions.size > 1)
    remarks.push(
      `the ranges were run with ${versions.size} versions of the functions module: it was changed while the job was under way`,
    );
  return remarks;
}

/** In the order of inputs, topics, partitions and offsets. */
function inOrder(ranges: readonly PlannedRange[]): PlannedRange[] {
  return ranges.toSorted((a, b) => {
    if (a.input !== b.input) return a.input - b.input;
    if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
    if (a.partition !== b.partition) return a.partition - b.partition;
    return BigInt(a.from) < BigInt(b.from) ? -1 : 1;
  });
}

async function callFinish(
  deps: Dependencies,
  files: RangesFiles,
  ranges: readonly PlannedRange[],
  job: RangesJob,
  failures: number,
  { signal, progress, attempt, metrics }: StepContext,
): Promise<string> {
  const task = {
    job,
    ranges: inOrder(ranges).map((range) => ({ range, report: files.report(range.id) })),
    functionsPath: await pathOfFunctions(deps),
    attempt,
  };
  try {
    return await deps.ranger.finish(task, { signal, progress: (at) => progress({ ...at, failures }) });
  } catch (error) {
    if (!(error instanceof FunctionFailed)) throw error;
    metrics.count(RANGES_COUNTERS.rewind_function_failures, 1);
    throw failureOfFunction(error, failures + 1, job, progress);
  }
}

/** Without a `finish` the result has the summaries themselves, as many as have room. */
async function firstSummaries(
  files: RangesFiles,
  ranges: readonly PlannedRange[],
  signal: AbortSignal,
): Promise<Omit<FinishedRanges, 'remarks'>> {
  const kept: string[] = [];
  let bytes = 2;
  for (const range of inOrder(ranges)) {
    const report = await readReport(files, range, signal);
    if (report === undefined) break;
    const entry = `{"range":${JSON.stringify(range.id)},"summary":${report.summary}}`;
    bytes += Buffer.byteLength(entry) + 1;
    if (bytes > MOST_RESULT_BYTES) break;
    kept.push(entry);
  }
  return { result: `[${kept.join(',')}]`, moreSummaries: ranges.length - kept.length };
}
