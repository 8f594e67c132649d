import type { DescribeWorkflowExecutionResponse } from '@temporalio/client';
import { waitingIn, type Waiting } from '../activities/step/waiting.ts';

/** A step that is under way, or waits for its next attempt, or for a worker: as Temporal tells it without any worker. */
export interface PendingStep {
  step: string;
  attempt: number;
  /** Whether a worker has it in hand. */
  started: boolean;
  /** ISO-8601: since when it waits for a worker, or a worker has it. */
  since: string | undefined;
  /** Why the last attempt failed. */
  lastError: string | undefined;
  /** What it waits for, as its heartbeat tells it. */
  waitingFor: Waiting | undefined;
  /** Records that are out, as the step's heartbeat tells it, ahead of `progress`. */
  published: string | undefined;
}

interface Timestamp {
  seconds?: { toString(): string } | number | null;
  nanos?: number | null;
}

type PendingActivity = NonNullable<DescribeWorkflowExecutionResponse['pendingActivities']>[number];

const STARTED = 2; // temporal.api.enums.v1.PendingActivityState

export function pendingStep(pending: PendingActivity): PendingStep {
  const { activityType, attempt, lastFailure, heartbeatDetails, scheduledTime, lastStartedTime } = pending;
  const started = Number(pending.state) >= STARTED;
  const details = detailsIn(heartbeatDetails?.payloads?.[0]?.data);
  return {
    step: activityType?.name ?? '',
    attempt: attempt ?? 1,
    started,
    since: timeText(started ? lastStartedTime : scheduledTime),
    lastError: lastFailure?.message ?? undefined,
    waitingFor: waitingIn(details),
    published: typeof details['published'] === 'string' ? details['published'] : undefined,
  };
}

/** A heartbeat's details, which are whatever some release has put there. */
function detailsIn(data: Uint8Array | null | undefined): Record<string, unknown> {
  if (data === null || data === undefined) return {};
  try {
    const details: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
  } catch {
    return {}; // in a codec of somebody's own
  }
}

/** ISO-8601 of a Timestamp of Temporal's, whose seconds are a Long. */
export function timeText(time: Timestamp | null | undefined): string | undefined {
  if (time === null || time === undefined) return undefined;
  const millis = Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1e6);
  return new Date(millis).toISOString();
}
