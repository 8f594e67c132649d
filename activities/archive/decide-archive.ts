import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { acceptRanges, type AcceptedPartition } from './decision/accept-ranges.ts';
import { badIn } from '../log/left-reasons.ts';
import { overLimit } from './decision/bad-data-limits.ts';
import { buildDecision } from './decision/build-decision.ts';
import { closedFolders } from './decision/closed-folders.ts';
import type { Decision } from './decision/decision.ts';
import { decisionAfter } from './decision/decision-after.ts';
import { decidedRun } from './decision/decided-run.ts';
import { withFreeNames } from './decision/free-names.ts';
import { readReports } from './decision/read-reports.ts';
import { eachAtOnce } from '../step/each-at-once.ts';
import { assertNewest, overtaken } from './history/overtaken.ts';
import { assertNoRunningCamus, camusRuns } from './history/running-camus.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import { fileFormat } from './job/file-format.ts';
import { logProblems } from './listed-problems.ts';
import { requirePlan } from './plan-archive.ts';
import type { RunPlan } from './plan/plan-file.ts';
import { putInPlace } from '../step/put-in-place.ts';
import { sealedLines } from '../step/sealed-lines.ts';
import { tellDecided } from './topic-gauges.ts';
import type { DecidedRun, DecideInput } from './steps.ts';

const UNTOUCHED = 'Nothing of this run was placed.';

/**
 * Decides what the run was: one file, named after the execution that it follows, put in place by one rename. Of all
 * runs, attempts and workers that slept, one can win, whatever they believe.
 */
export function decideArchive(deps: Dependencies) {
  return async ({ job, begun = 0 }: DecideInput, context: StepContext): Promise<DecidedRun> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const folders = new ArchiveFolders(job);
    const plan = await requirePlan(store, folders, signal);
    const known = [plan.head.predecessor, plan.head.execution];
    const { predecessor } = plan.head;
    const { decision: before, path } = await decisionAfter(store, folders, predecessor, signal);
    if (before !== undefined) return decidedRun(ours(before, job), plan);
    await assertNewest(store, job.history, known, UNTOUCHED, signal);
    const accepted = await putDecision(store, { job, begun }, plan, path, context);
    const { decision: placed } = await decisionAfter(store, folders, predecessor, signal);
    // Somebody's void decision had the name, or the files of this one are gone.
    if (placed === undefined)
      throw new Error(`nothing follows ${predecessor ?? 'the empty history'} yet; trying again`);
    // A decision for an execution that is no longer the newest is void: nothing was placed by it.
    await assertNewest(store, job.history, known, UNTOUCHED, signal);
    const decided = decidedRun(ours(placed, job), plan);
    logProblems(context, placed.problems);
    tellDecided(context.metrics, plan, accepted);
    return decided;
  };
}

/** Puts what this attempt decides in place, unless another one was first; what it accepts of the ranges. */
async function putDecision(
  store: FileStore,
  { job, begun }: { job: ArchiveJob; begun: number },
  plan: RunPlan,
  path: string,
  context: StepContext,
): Promise<AcceptedPartition[]> {
  const { signal, progress } = context;
  const pulled = await readReports(
    store,
    new ArchiveFolders(job),
    { pulls: plan.pulls.length, begun },
    {
      signal,
      progress: (reports) => progress({ reports }),
    },
  );
  const over = overLimit(pulled.ranges.values(), pulled.errors, job);
  const left = new Map([...over, ...(await closedFolders(store, job, pulled.files, signal))]);
  const accepted = acceptRanges(plan, pulled.ranges, left);
  const decision = buildDecision(job, plan, accepted, pulled, Date.now());
  await assertWhole(store, decision, accepted, job, context);
  decision.files = await withFreeNames(store, decision.files, fileFormat(job).extension, {
    signal,
    progress: (named) => progress({ named }),
  });
  await assertNoCamusSince(store, job, plan, signal);
  await putInPlace(store, path, sealedLines(linesOfDecision(decision)), { signal });
  return accepted;
}

/** That no run of Camus goes on, or has failed, since this one was planned: it has read the same records. */
async function assertNoCamusSince(
  store: FileStore,
  job: ArchiveJob,
  { head: { predecessor } }: RunPlan,
  signal: AbortSignal,
): Promise<void> {
  const now = Date.now();
  const camus = await camusRuns(store, job, predecessor, now, signal);
  if (camus.recent.length === 0) return;
  // By HDFS's clock, as what changes there.
  const planned = await store.status(new ArchiveFolders(job).plan, signal);
  await assertNoRunningCamus(store, camus, { now, ...(planned && { planned: planned.modifiedAt }) }, signal);
}

function linesOfDecision({ head, files, partitions, errors, counts, problems }: Decision): unknown[] {
  const told = problems.map((each) => ({ kind: 'problem', ...each }));
  return [head, ...files, ...partitions, ...errors, ...counts.map((each) => ({ kind: 'counts', ...each })), ...told];
}

/** The decision, if it is this run's. */
function ours(decision: Decision, job: ArchiveJob): Decision {
  if (decision.head.job === job.id) return decision;
  throw overtaken(
    `the run ${decision.head.job} has decided what follows ${decision.head.predecessor ?? 'the empty history'}`,
    UNTOUCHED,
    { winner: decision.head.job },
  );
}

/** The last look at the data before offsets move: every file is there, as long as its writer said. */
async function assertWhole(
  store: FileStore,
  { files }: Decision,
  accepted: readonly AcceptedPartition[],
  { badData }: Pick<ArchiveJob, 'badData'>,
  { signal, progress }: StepContext,
): Promise<void> {
  const records = new Map<string, number>();
  const kept = new Map<string, number>();
  let looked = 0;
  await eachAtOnce(files, 16, async ({ from, length, topic, partition, records: count, apart }) => {
    const status = await store.status(from, signal);
    if (status?.length !== length)
      throw new JobError(
        'archive-file-damaged',
        `${from} (${topic}-${partition}): expected ${length} bytes, found ${status === undefined ? 'nothing' : `${status.length}`}. Nothing was decided: start the archive again.`,
        { path: from, expected: length, found: status?.length },
      );
    const name = `${topic}-${partition}`;
    const sums = apart ? kept : records;
    sums.set(name, (sums.get(name) ?? 0) + count);
    looked += 1;
    progress({ looked });
  });
  for (const { partition, ranges } of accepted) {
    const name = `${partition.topic}-${partition.partition}`;
    assertSum(
      name,
      'records',
      ranges.reduce((sum, range) => sum + range.records, 0),
      records.get(name),
    );
    if (badData.keep)
      assertSum(
        name,
        'bad records',
        ranges.reduce((sum, { left }) => sum + badIn(left), 0),
        kept.get(name),
      );
  }
}

function assertSum(name: string, what: string, expected: number, found = 0): void {
  if (found === expected) return;
  throw new JobError(
    'archive-file-damaged',
    `${name}: its ranges hold ${expected} ${what}, its files ${found}. Nothing was decided: start the archive again, and report this.`,
    { expected, found },
  );
}
