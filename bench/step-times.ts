import type { WorkflowHandle } from '@temporalio/client';

export interface StepTimes {
  /** Activities in their order, from start to end. */
  steps: { step: string; seconds: number }[];
  /** What is none of a step's: the server's and the workflow's own. */
  between: number;
}

/** Seconds of each activity of a workflow that has ended, as its history tells. */
export async function stepTimes(handle: WorkflowHandle): Promise<StepTimes> {
  const { events } = await handle.fetchHistory();
  const all = events ?? [];
  const at = (index: number): number => {
    const { seconds, nanos } = all[index]?.eventTime ?? {};
    return Number(seconds ?? 0) + (nanos ?? 0) / 1e9;
  };
  const indexOf = new Map(all.map(({ eventId }, index) => [String(eventId), index]));
  const steps = all.flatMap((event, index) => {
    const { scheduledEventId, startedEventId } = event.activityTaskCompletedEventAttributes ?? {};
    if (startedEventId === undefined || startedEventId === null) return [];
    const scheduled = all[indexOf.get(String(scheduledEventId)) ?? -1];
    const step = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? '';
    return [{ step, seconds: at(index) - at(indexOf.get(String(startedEventId)) ?? index) }];
  });
  const inSteps = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return { steps, between: at(all.length - 1) - at(0) - inSteps };
}
