import type { Dependencies } from '../dependencies.ts';
import type { ValidateJobInput } from '../replay/steps.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { readDecision } from './decision/read-decision.ts';
import { findLeftovers } from './history/leftovers.ts';
import { knownHistory, makePlan, plannedRun } from './plan-archive.ts';
import type { ArchivePlan, PartitionOutlook } from './plan/archive-plan.ts';
import type { PlannedPartition } from './plan/plan-file.ts';
import { learnsNothing } from './plan/plan-run.ts';
import { validateArchive } from './validate-archive.ts';

const LISTED = 100;

/** Tells what a run would do; writes nothing anywhere. */
export function describeArchive(deps: Dependencies) {
  return async (input: ValidateJobInput, context: StepContext): Promise<ArchivePlan> => {
    const { signal } = context;
    const job = await validateArchive(deps)(input, context);
    const store = deps.hdfs(job.connections.hdfs);
    const history = await knownHistory(store, job, context);
    const decision = await readDecision(store, new ArchiveFolders(job).decision(history.predecessor), signal);
    const { plan, choice } = await makePlan(deps, job, history, context);
    const run = plannedRun(plan, learnsNothing(plan, history.offsets));
    const leftovers = await findLeftovers(store, job, history, choice.taken, context);
    const { free, quota } = await store.space(job.dest, signal);
    const outlooks = plan.partitions.map(outlookOf).sort((a, b) => (BigInt(b.lag) > BigInt(a.lag) ? 1 : -1));
    return {
      plan: true,
      ready: run.problems.length === 0 && (leftovers.files === 0 || job.leftovers !== 'fail'),
      execution: run.execution,
      predecessor: run.predecessor,
      unfinished: decision?.head.execution,
      topics: {
        taken: choice.taken.length,
        leftOut: choice.leftOut.slice(0, LISTED),
        moreLeftOut: Math.max(0, choice.leftOut.length - LISTED),
      },
      partitions: outlooks.slice(0, LISTED),
      morePartitions: Math.max(0, outlooks.length - LISTED),
      ranges: plan.pulls.reduce((sum, { ranges }) => sum + ranges.length, 0),
      pulls: run.pulls,
      lag: { offsets: run.offsets, bytes: run.bytes },
      space: {
        free: free === undefined ? undefined : String(free),
        quota: quota && { path: quota.path, bytes: String(quota.bytes), used: String(quota.used) },
      },
      leftovers,
      problems: run.problems,
      moreProblems: run.moreProblems,
      remarks: run.remarks,
    };
  };
}

function outlookOf({
  topic,
  partition,
  stored,
  start,
  to,
  stable,
  latest,
  missing,
}: PlannedPartition): PartitionOutlook {
  const [from, end] = [BigInt(start), BigInt(stable)];
  return {
    topic,
    partition,
    stored,
    start,
    stable,
    latest,
    lag: String(end > from ? end - from : 0n),
    reads: String(BigInt(to) - from),
    heldBack: String(BigInt(latest) - end),
    missing: missing.slice(0, 3),
  };
}
