import { partitionName } from '../log/partition-name.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { writtenLayout } from '../../layouts/written-layout.ts';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { settleLeftovers } from './history/settle-leftovers.ts';
import { readHistoryFolder } from './history/history-folder.ts';
import { LogEnds } from './history/log-ends.ts';
import { readRewindJson } from './history/rewind-json.ts';
import { assertNoRunningCamus, camusRuns, type CamusRuns } from './history/running-camus.ts';
import { assertSameExec } from './history/same-exec.ts';
import { readStoredOffsets } from './history/stored-offsets.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import { listedProblems, logProblems } from './listed-problems.ts';
import { offsetsLeft } from './offsets-left.ts';
import { linesOf, readPlanFile, type RunPlan } from './plan/plan-file.ts';
import { learnsNothing, planRun, type KnownHistory } from './plan/plan-run.ts';
import { readerSchemas } from './plan/reader-schemas.ts';
import { leftToReplays, skipReplayed } from './plan/skip-replayed.ts';
import { replayTopicsOf } from '../replay/publish/replay-topics.ts';
import { selectTopics, type TopicChoice } from '../log/select-topics.ts';
import { putInPlace } from '../step/put-in-place.ts';
import { sealedLines } from '../step/sealed-lines.ts';
import { tellPlanned } from './topic-gauges.ts';
import { plannedLags } from './topic-lags.ts';
import type { ArchiveStepInput, PlannedRun, TopicProblem } from './steps.ts';

/**
 * Plans a run, and puts the plan in place: whichever attempt is first decides for all. From here on nothing depends on
 * what is "now" or "latest".
 */
export function planArchive(deps: Dependencies) {
  return async ({ job }: ArchiveStepInput, context: StepContext): Promise<PlannedRun> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const folders = new ArchiveFolders(job);
    const inPlace = await readPlan(store, folders, signal);
    const history = await knownHistory(store, job, context);
    if (inPlace !== undefined) return plannedRun(inPlace, history);
    // What it makes isn't held here any more when the plan in place, which counts, is read.
    await putPlan(deps, job, history, context);
    const placed = await readPlan(store, folders, signal);
    if (placed === undefined) throw lostPlan(folders.plan);
    logProblems(context, plannedProblems(placed));
    tellPlanned(context.metrics, placed);
    return plannedRun(placed, history);
  };
}

async function putPlan(
  deps: Dependencies,
  job: ArchiveJob,
  history: KnownHistory,
  context: StepContext,
): Promise<void> {
  const { signal } = context;
  const store = deps.hdfs(job.connections.hdfs);
  const folders = new ArchiveFolders(job);
  const { plan, choice } = await makePlan(deps, job, history, context);
  const camus = await camusBeside(store, job, history, signal);
  await assertNoRunningCamus(store, camus, { now: Date.now() }, signal);
  const lookFor = { job, history, topics: choice.taken, camus, ends: new LogEnds(plan) };
  // A run that reads and records nothing is to be over in seconds, whatever is below DEST; the next one looks.
  if (!(history.ours && learnsNothing(plan, history.offsets)))
    plan.head.remarks.unshift(...(await settleLeftovers(store, folders, lookFor, context)));
  await putInPlace(store, folders.plan, sealedLines(linesOf(plan)), { signal });
}

/** What Camus has begun and not recorded: since the newest execution of Rewind's own, or at all. */
export function camusBeside(
  store: FileStore,
  job: ArchiveJob,
  { ours, predecessor }: KnownHistory,
  signal: AbortSignal,
): Promise<CamusRuns> {
  return camusRuns(store, job, ours ? predecessor : undefined, Date.now(), signal);
}

/** The plan that is in place; undefined before there is one. */
export function readPlan(store: FileStore, folders: ArchiveFolders, signal: AbortSignal): Promise<RunPlan | undefined> {
  return readPlanFile(store, folders.plan, signal);
}

/** The plan of a run that goes on; it must be there. */
export async function requirePlan(store: FileStore, folders: ArchiveFolders, signal: AbortSignal): Promise<RunPlan> {
  const plan = await readPlan(store, folders, signal);
  if (plan === undefined) throw lostPlan(folders.plan);
  return plan;
}

function lostPlan(path: string): JobError {
  return new JobError(
    'staging-lost',
    `The plan ${path} is gone while the run goes on: was the folder deleted, or has the run ended meanwhile? Start the archive again; what is archived is not touched.`,
    { path },
  );
}

export async function makePlan(
  deps: Dependencies,
  job: ArchiveJob,
  history: KnownHistory,
  { progress, signal }: StepContext,
): Promise<{ plan: RunPlan; choice: TopicChoice }> {
  const kafka = deps.kafka(job.connections.kafka);
  const topics = await kafka.listTopics();
  const known = new Set([...history.offsets.values()].map(({ topic }) => topic));
  const choice = selectTopics(topics, job.topics, await replayTopicsOf(kafka, topics), known);
  const plan = await planRun(
    kafka,
    job,
    history,
    { ...choice, schemas: (names) => readerSchemas(deps, job, names, signal) },
    { now: Date.now(), progress: (done) => progress({ topics: done }) },
  );
  leftToReplays(plan, choice);
  // Asked again: a replay claims its topic before it publishes, so that whatever lies below the ends has its claim now.
  if (job.replayed === 'skip') skipReplayed(plan, await replayTopicsOf(kafka, topics));
  return { plan, choice };
}

/**
 * What the newest execution says.
 *
 * @throws JobError 'history-unusable'
 */
export async function knownHistory(store: FileStore, job: ArchiveJob, { signal }: StepContext): Promise<KnownHistory> {
  const { executions } = await readHistoryFolder(store, job.history, signal);
  const predecessor = executions.at(-1);
  const execution = writtenLayout().executionName(executions, Date.now());
  if (predecessor === undefined)
    return {
      predecessor,
      execution,
      offsets: new Map(),
      topicIds: new Map(),
      epochs: new Map(),
      complete: new Map(),
      ours: false,
    };
  const folder = `${job.history}/${predecessor}`;
  const offsets = await readStoredOffsets(store, folder, signal);
  const ours = await readRewindJson(store, folder, signal);
  if (ours !== undefined) await assertSameExec(store, job, { ...ours, execution: predecessor }, signal);
  const epochs = new Map<string, number>();
  const topicIds = new Map<string, string>();
  for (const { topic, partition, leaderEpoch, topicId = ours?.topicIds.get(topic) } of ours?.partitions ?? []) {
    const name = partitionName(topic, partition);
    if (leaderEpoch !== undefined) epochs.set(name, leaderEpoch);
    if (topicId !== undefined) topicIds.set(name, topicId);
  }
  return {
    predecessor,
    execution,
    offsets,
    topicIds,
    epochs,
    complete: ours?.complete ?? new Map(),
    ours: ours !== undefined,
  };
}

export function plannedRun(plan: RunPlan, history: KnownHistory): PlannedRun {
  const { head, partitions, pulls } = plan;
  const told = listedProblems(plannedProblems(plan));
  const read = partitions.filter(({ start, to }) => BigInt(start) < BigInt(to));
  const sum = (values: readonly bigint[]): string => String(values.reduce((all, value) => all + value, 0n));
  return {
    execution: head.execution,
    predecessor: head.predecessor,
    topics: new Set(partitions.map(({ topic }) => topic)).size,
    partitions: partitions.length,
    toRead: read.length,
    pulls: pulls.length,
    offsets: sum(read.map(({ start, to }) => BigInt(to) - BigInt(start))),
    bytes: sum(pulls.flatMap(({ ranges }) => ranges.map(({ bytes }) => BigInt(Math.round(bytes))))),
    ...offsetsLeft(partitions.map((each) => ({ ...each, next: each.start }))),
    problems: told.problems,
    moreProblems: told.moreProblems,
    nothingNew: learnsNothing(plan, history.offsets),
    lags: plannedLags(plan, history.complete),
    remarks: [
      ...told.remarks,
      ...head.remarks,
      ...(head.moreRemarks > 0 ? [`and ${head.moreRemarks} more of these`] : []),
    ],
  };
}

export function plannedProblems({ problems }: RunPlan): TopicProblem[] {
  return problems.map(({ topic, message }) => ({ topic, message }));
}
