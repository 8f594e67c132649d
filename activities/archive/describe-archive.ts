import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { TopicReader } from '../../connections/kafka/read/topic-reader.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ValidateJobInput } from '../replay/steps.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { bounded } from '../step/bounded-list.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { decisionAfter } from './decision/decision-after.ts';
import { isRecorded } from './decision/record-decision.ts';
import { someFiles } from './history/leftovers.ts';
import { LogEnds } from './history/log-ends.ts';
import { assertNoRunningCamus, type CamusRuns } from './history/running-camus.ts';
import { tellLeftovers } from './history/settle-leftovers.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import { logProblems } from './listed-problems.ts';
import { camusBeside, knownHistory, makePlan, plannedProblems, plannedRun } from './plan-archive.ts';
import type { ArchivePlan, PartitionOutlook } from './plan/archive-plan.ts';
import { folderRights } from './plan/folder-rights.ts';
import { noRoomFor } from './plan/no-room.ts';
import { outlookInTime, outlookOf } from './plan/outlook.ts';
import type { PlannedPartition, RunPlan } from './plan/plan-file.ts';
import { validateArchive } from './validate-archive.ts';

const LISTED = 100;
/** Of a list; the whole plan is one payload. */
const LISTED_BYTES = 20 * 1024;
/** Partitions whose first and last record are looked at. */
const TIMED = 20;

/** Tells what a run would do; writes nothing anywhere. */
export function describeArchive(deps: Dependencies) {
  return async (input: ValidateJobInput, context: StepContext): Promise<ArchivePlan> => {
    const { signal } = context;
    const job = await validateArchive(deps)(input, context);
    const store = deps.hdfs(job.connections.hdfs);
    const history = await knownHistory(store, job, context);
    const folders = new ArchiveFolders(job);
    const { decision } = await decisionAfter(store, folders, history.predecessor, signal);
    // What was decided is finished first, whose files may be there already; unless its execution was taken away.
    const finishes = decision !== undefined && !(await isRecorded(store, folders, decision.head, signal));
    const { plan, choice } = await makePlan(deps, job, history, context);
    const run = plannedRun(plan, history);
    logProblems(context, plannedProblems(plan));
    const camus = await camusBeside(store, job, history, signal);
    const lookFor = { job, history, topics: choice.taken, camus, ends: new LogEnds(plan) };
    const { remarks, ...leftovers } = finishes
      ? { ...someFiles(), remarks: [] }
      : await tellLeftovers(store, lookFor, context);
    const space = await store.space(job.dest, signal);
    const { free, quota } = space;
    const full = noRoomFor(space, await store.space(job.exec, signal), run.pulls);
    const partitions = bounded(
      await outlooks(plan, job, deps.kafka(job.connections.kafka).openReader(), context),
      LISTED_BYTES,
      LISTED,
    );
    const leftOut = bounded(choice.leftOut, LISTED_BYTES, LISTED);
    const topics = [...new Set(plan.partitions.map(({ topic }) => topic))];
    const rights = await folderRights(store, job, topics, signal);
    return {
      plan: true,
      ready:
        run.problems.length === 0 &&
        (full.length === 0 || run.offsets === '0') &&
        leftovers.problem === undefined &&
        rights.every(({ mayWrite }) => mayWrite !== false),
      execution: run.execution,
      predecessor: run.predecessor,
      unfinished: decision?.head.execution,
      topics: {
        taken: choice.taken.length,
        leftOut,
        moreLeftOut: choice.leftOut.length - leftOut.length,
      },
      partitions,
      morePartitions: plan.partitions.length - partitions.length,
      ranges: plan.pulls.reduce((sum, { ranges }) => sum + ranges.length, 0),
      pulls: run.pulls,
      lag: { offsets: run.offsets, bytes: run.bytes },
      space: {
        free: free === undefined ? undefined : String(free),
        quota: quota && { path: quota.path, bytes: String(quota.bytes), used: String(quota.used) },
      },
      noRoom: full,
      rights,
      leftovers,
      problems: run.problems,
      moreProblems: run.moreProblems,
      remarks: [...(await camusRemark(store, camus, signal)), ...remarks, ...run.remarks],
    };
  };
}

/** That Camus seems to go on, which is no harm to a plan: it is made while Camus does. */
async function camusRemark(store: FileStore, camus: CamusRuns, signal: AbortSignal): Promise<string[]> {
  try {
    await assertNoRunningCamus(store, camus, { now: Date.now() }, signal);
    return [];
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return [`no run would begin now: ${error.message}`];
  }
}

async function outlooks(
  { head, partitions }: RunPlan,
  job: ArchiveJob,
  reader: TopicReader,
  { signal, progress }: StepContext,
): Promise<PartitionOutlook[]> {
  const lagOf = ({ start, stable }: PlannedPartition): bigint => BigInt(stable) - BigInt(start);
  const sorted = partitions.toSorted((a, b) => Number(lagOf(b) - lagOf(a)));
  const all: PartitionOutlook[] = [];
  try {
    for (const [place, partition] of sorted.slice(0, LISTED).entries()) {
      all.push(place < TIMED ? await outlookInTime(partition, head, job, reader, signal) : outlookOf(partition));
      progress({ looked: place + 1 });
    }
  } finally {
    await reader.close();
  }
  return all;
}
