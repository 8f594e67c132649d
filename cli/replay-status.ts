import type { Client } from '@temporalio/client';
import { progressQuery } from '../workflows/replay/messages.ts';
import type { ReplayProgress } from '../workflows/replay/progress.ts';

/** What can be known of one replay now. */
export interface ReplayStatusReport {
  workflowId: string;
  runId: string;
  /** Temporal's word: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  workflowStatus: string;
  job: string | undefined;
  topic: string | undefined;
  replayTopic: string | undefined;
  startedAt: string;
  closedAt: string | undefined;
  /** How far it is; undefined where no worker answers, or it has not begun. */
  progress: ReplayProgress | undefined;
  /** Steps that are under way or wait for their next attempt. */
  activities: PendingStep[];
}

export interface PendingStep {
  step: string;
  attempt: number;
  /** Why the last attempt failed. */
  lastError: string | undefined;
  /** Records that are out, as the step's heartbeat tells it, ahead of `progress`. */
  published: string | undefined;
}

/** Milliseconds that a query may take before progress is given up. */
const QUERY_LIMIT_MS = 3_000;

export async function statusOf(client: Client, workflowId: string): Promise<ReplayStatusReport> {
  const handle = client.workflow.getHandle(workflowId);
  const { runId, status, memo, startTime, closeTime, raw } = await handle.describe();
  const running = status.name === 'RUNNING';
  const asked = await client
    .withDeadline(Date.now() + QUERY_LIMIT_MS, () => handle.query(progressQuery))
    .catch(() => undefined); // no worker: the memo is all there is
  return {
    workflowId,
    runId,
    workflowStatus: status.name,
    job: memo?.['job'] as string | undefined,
    topic: memo?.['topic'] as string | undefined,
    replayTopic: memo?.['replayTopic'] as string | undefined,
    startedAt: startTime.toISOString(),
    closedAt: closeTime?.toISOString(),
    progress: (running ? undefined : (memo?.['outcome'] as ReplayProgress | undefined)) ?? asked,
    activities: (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure, heartbeatDetails }) => ({
      step: activityType?.name ?? '',
      attempt: attempt ?? 1,
      lastError: lastFailure?.message ?? undefined,
      published: publishedIn(heartbeatDetails?.payloads?.[0]?.data),
    })),
  };
}

function publishedIn(data: Uint8Array | null | undefined): string | undefined {
  if (data === null || data === undefined) return undefined;
  const { published } = JSON.parse(Buffer.from(data).toString('utf8')) as { published?: string };
  return published;
}

/** Records that are out by all that is known. */
export function publishedSoFar({ progress, activities }: ReplayStatusReport): number {
  return Math.max(
    Number(progress?.records.published ?? 0),
    ...activities.map(({ published }) => Number(published ?? 0)),
  );
}

/** What a replay waits for, where a step of it has failed and is tried again. */
export function waitingFor({ activities }: ReplayStatusReport): string | undefined {
  const failing = activities.find(({ attempt, lastError }) => attempt > 1 && lastError !== undefined);
  return failing && `${failing.step} is tried again (attempt ${failing.attempt}): ${failing.lastError}`;
}
