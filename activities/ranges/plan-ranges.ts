import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { sealedLines } from '../step/sealed-lines.ts';
import type { RangesJob } from './job/ranges-job.ts';
import { makePlan } from './plan/make-plan.ts';
import { linesOf, readRangesPlan, type RangesPlan } from './plan/range-plan-file.ts';
import { RangesFiles } from './ranges-files.ts';
import { movesOf } from './offsets/moves-of.ts';
import type { PlannedRanges, RangesStepInput } from './steps.ts';

/**
 * Plans a job, and puts the plan in place: whichever attempt is first decides for all. From here on nothing depends on
 * what is "now" or "latest".
 *
 * @throws JobError 'ranges-unplannable' that names all that is in the way
 */
export function planRanges(deps: Dependencies) {
  return async ({ job }: RangesStepInput, context: StepContext): Promise<PlannedRanges> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new RangesFiles(store, job.staging, job.id);
    const inPlace = await readRangesPlan(store, files.plan, signal);
    if (inPlace !== undefined) return plannedRanges(inPlace, job);
    const { plan, problems } = await makePlan(deps, job, false, context);
    if (problems.length > 0) throw unplannable(problems);
    await files.put(files.plan, sealedLines(linesOf(plan)), signal);
    return plannedRanges(await requirePlan(store, job, signal), job);
  };
}

/** Plans are read once by a worker, and not for every range. */
const known = new Map<string, Promise<RangesPlan>>();
const MOST_KNOWN = 4;

/** The plan of a job that goes on; it must be there. It never changes once it is in place. */
export async function requirePlan(store: FileStore, job: RangesJob, signal: AbortSignal): Promise<RangesPlan> {
  const files = new RangesFiles(store, job.staging, job.id);
  const before = known.get(files.plan);
  if (before !== undefined) return before;
  const plan = await readRangesPlan(store, files.plan, signal);
  if (plan === undefined)
    throw new JobError(
      'staging-lost',
      `The plan ${files.plan} is gone while the job goes on: was the folder deleted, or has the job ended meanwhile? Start the job again.`,
      { path: files.plan },
    );
  known.set(files.plan, Promise.resolve(plan));
  for (const [oldest] of known) if (known.size > MOST_KNOWN) known.delete(oldest);
  return plan;
}

function unplannable(problems: readonly string[]): JobError {
  const more = problems.length - 10;
  return new JobError(
    'ranges-unplannable',
    `The job can't read all that it is asked for; nothing was begun. ${problems.slice(0, 10).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    { problems: problems.slice(0, 20) },
  );
}

function plannedRanges(plan: RangesPlan, job: RangesJob): PlannedRanges {
  const { head, partitions, ranges } = plan;
  const sum = (values: readonly bigint[]): string => String(values.reduce((all, value) => all + value, 0n));
  return {
    topics: new Set(partitions.map(({ topic }) => topic)).size,
    partitions: partitions.length,
    ranges: ranges.length,
    offsets: sum(ranges.map(({ from, to }) => BigInt(to) - BigInt(from))),
    bytes: sum(ranges.map(({ bytes }) => BigInt(Math.round(bytes)))),
    offsetsLeft: sum(
      partitions.map(({ to, stable }) => (BigInt(stable) > BigInt(to) ? BigInt(stable) - BigInt(to) : 0n)),
    ),
    nothingNew: ranges.length === 0 && movesOf(plan, job).length === 0,
    remarks: [...head.remarks, ...(head.moreRemarks > 0 ? [`and ${head.moreRemarks} more of these`] : [])],
  };
}
