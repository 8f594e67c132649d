import type { WorkflowHandle } from '@temporalio/client';
import type { DecodedSplit } from '../../activities/replay/steps.ts';

export interface Attempts {
  /** Attempts beyond the first, by step. */
  repeated: { step: string; count: number }[];
  splits: number;
  /** Splits whose first decoding was cut off, so that another attempt had to do it; not those found done. */
  splitsDecodedAgain: number;
}

/** What a job's history says of attempts that did not finish. */
export async function attemptsOf(handle: WorkflowHandle): Promise<Attempts> {
  const { events = [] } = await handle.fetchHistory();
  const steps = new Map<string, { step: string; attempts: number }>();
  const repeated = new Map<string, number>();
  const counts = { splits: 0, splitsDecodedAgain: 0 };
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) steps.set(String(event.eventId), { step: scheduled.activityType?.name ?? '', attempts: 1 });
    const started = event.activityTaskStartedEventAttributes;
    const step = steps.get(String(started?.scheduledEventId));
    if (started && step) {
      step.attempts = started.attempt ?? 1;
      if (step.attempts > 1) repeated.set(step.step, (repeated.get(step.step) ?? 0) + step.attempts - 1);
    }
    const completed = event.activityTaskCompletedEventAttributes;
    const decoded = steps.get(String(completed?.scheduledEventId));
    if (decoded?.step !== 'decodeAndSort') continue;
    const payload = completed?.result?.payloads?.[0]?.data ?? new Uint8Array();
    const { reused } = JSON.parse(Buffer.from(payload).toString('utf8')) as DecodedSplit;
    counts.splits += 1;
    if (decoded.attempts > 1 && !reused) counts.splitsDecodedAgain += 1;
  }
  return { repeated: [...repeated].map(([step, count]) => ({ step, count })), ...counts };
}
