import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowFailedError,
  type Client,
} from '@temporalio/client';
import { progressQuery } from '../workflows/replay/messages.ts';
import type { ArchivePlan } from '../activities/archive/plan/archive-plan.ts';
import type { ArchiveProgress } from '../workflows/archive/archive-progress.ts';
import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import type { RangesOutlook } from '../activities/ranges/plan/ranges-outlook.ts';
import type { RangesProgress } from '../workflows/ranges/ranges-progress.ts';
import type { RangesResult } from '../workflows/ranges/ranges-result.ts';
import type { ReplayProgress } from '../workflows/replay/progress.ts';
import type { ReplayPlan } from '../activities/replay/plan/replay-plan.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import type { VerifyProgress } from '../workflows/verify/verify-progress.ts';
import type { VerifyResult } from '../workflows/verify/verify-result.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import { pendingStep, type PendingStep } from './pending-step.ts';
import { pendingTask, type PendingTask } from './pending-task.ts';
import { waitsOf } from './waits.ts';
import { kindOf, type WorkflowKind } from './workflow-kind.ts';

/** What can be known of one workflow of Rewind now. */
export interface ReplayStatusReport {
  workflowId: string;
  runId: string;
  kind: WorkflowKind;
  /** Temporal's word: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  workflowStatus: string;
  /** Task queue of the workflow: where a worker must be. */
  taskQueue: string;
  job: string | undefined;
  topic: string | undefined;
  replayTopic: string | undefined;
  startedAt: string;
  closedAt: string | undefined;
  /** Whether a worker answered: without one, only what Temporal itself knows is here. */
  answered: boolean;
  /** How far it is; undefined where no worker answers. */
  progress: ReplayProgress | undefined;
  /** The same of an archive. */
  archive: ArchiveProgress | undefined;
  /** The same of a job of ranges. */
  ranges: RangesProgress | undefined;
  /** The same of a job of verify. */
  verify: VerifyProgress | undefined;
  /** The workflow's own next task, where it is due. */
  workflowTask: PendingTask | undefined;
  /** Steps that are under way or wait for their next attempt. */
  activities: PendingStep[];
  /** What it waits for, each in one line. */
  waits: string[];
  /** Of one that has succeeded. */
  result: ReplayResult | ReplayPlan | undefined;
  /** The same of an archive. */
  archived: ArchiveResult | ArchivePlan | undefined;
  /** The same of a job of ranges. */
  ran: RangesResult | RangesOutlook | undefined;
  /** The same of a job of verify. */
  verified: VerifyResult | undefined;
  /** Of one that has ended otherwise. */
  error: { message: string; remedy: string; type: string | undefined } | undefined;
}

/** Milliseconds that a query may take before progress is given up. */
const QUERY_LIMIT_MS = 3_000;

/** @throws CommandError where it is no workflow of Rewind */
export async function statusOf(client: Client, workflowId: string): Promise<ReplayStatusReport> {
  const handle = client.workflow.getHandle(workflowId);
  const { runId, status, type, memo, startTime, closeTime, taskQueue, raw } = await handle.describe();
  const kind = kindOf({ type, memo, workflowId });
  if (kind === undefined)
    throw new CommandError(
      EXIT.usage,
      `${workflowId} is a workflow ${type}, not one of Rewind.`,
      'rewind status lists the replays.',
    );
  const running = status.name === 'RUNNING';
  const { answered, progress: asked } =
    running || memo?.['outcome'] === undefined ? await askProgress(client, workflowId) : SILENCE;
  const known = (running ? undefined : (memo?.['outcome'] as AnyProgress | undefined)) ?? asked;
  const text = (name: string): string | undefined => (typeof memo?.[name] === 'string' ? memo[name] : undefined);
  const report: ReplayStatusReport = {
    workflowId,
    runId,
    kind,
    workflowStatus: status.name,
    taskQueue,
    job: text('job'),
    topic: text('topic') ?? text('topics') ?? (asked !== undefined && 'topic' in asked ? asked.topic : undefined),
    replayTopic: text('replayTopic'),
    startedAt: startTime.toISOString(),
    closedAt: closeTime?.toISOString(),
    answered,
    progress: ['archive', 'ranges', 'verify'].includes(type) ? undefined : (known as ReplayProgress | undefined),
    archive: type === 'archive' ? (known as ArchiveProgress | undefined) : undefined,
    ranges: type === 'ranges' ? (known as RangesProgress | undefined) : undefined,
    verify: type === 'verify' ? (known as VerifyProgress | undefined) : undefined,
    workflowTask: await pendingTask(client, handle, raw.pendingWorkflowTask),
    activities: (raw.pendingActivities ?? []).map(pendingStep),
    waits: [],
    result: undefined,
    archived: undefined,
    ran: undefined,
    verified: undefined,
    error: undefined,
  };
  if (!running) return { ...report, ...(await endOf(client, report, type)) };
  return { ...report, waits: waitsOf(report, Date.now()) };
}

type AnyProgress = ReplayProgress | ArchiveProgress | RangesProgress | VerifyProgress;

interface Answer {
  answered: boolean;
  /** Undefined where no worker answers, and of workflows that tell none. */
  progress: AnyProgress | undefined;
}
const SILENCE: Answer = { answered: false, progress: undefined };

/** What a worker says. */
async function askProgress(client: Client, workflowId: string): Promise<Answer> {
  try {
    const deadline = Date.now() + QUERY_LIMIT_MS;
    const handle = client.workflow.getHandle(workflowId);
    const progress: AnyProgress = await client.withDeadline(deadline, () => handle.query(progressQuery));
    return { answered: true, progress };
  } catch (error) {
    if (error instanceof QueryNotRegisteredError) return { answered: true, progress: undefined };
    if (isGrpcServiceError(error) || error instanceof ServiceError) return SILENCE;
    if (error instanceof Error && error.name === 'QueryRejectedError') return SILENCE;
    throw error;
  }
}

/** Whether nobody answers, of a job whose own code does not fail on those who would. */
export function isSilent({ answered, workflowTask }: ReplayStatusReport): boolean {
  return !answered && workflowTask?.lastError === undefined;
}

async function endOf(
  client: Client,
  { workflowId, runId, kind }: ReplayStatusReport,
  type: string,
): Promise<Partial<ReplayStatusReport>> {
  try {
    const result = (await client.workflow.getHandle(workflowId, runId).result()) as unknown;
    if (type === 'ranges' || type === 'rangesPlan') return { ran: result as RangesResult | RangesOutlook };
    if (type === 'verify') return { verified: result as VerifyResult };
    return type === 'archive' || type === 'archivePlan'
      ? { archived: result as ArchiveResult | ArchivePlan }
      : { result: result as ReplayResult | ReplayPlan };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { message, remedy, type } = explainFailure(error, { workflowId, kind });
    return { error: { message, remedy, type } };
  }
}

/** Records that are out by all that is known. */
export function publishedSoFar({ progress, activities }: ReplayStatusReport): number {
  return Math.max(
    Number(progress?.records.published ?? 0),
    ...activities.map(({ published }) => Number(published ?? 0)),
  );
}

/** Whether it is paused with nothing in hand, whatever kind of job it is. */
export function standsStill({ progress, archive, ranges, verify }: ReplayStatusReport): boolean {
  return [progress, archive, ranges, verify].some((told) => told?.status === 'paused');
}
