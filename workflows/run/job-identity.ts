import { workflowInfo } from '@temporalio/workflow';

/**
 * Stays the same over retries, resets and continued runs. Firings of a cron workflow share their first run, and each
 * is a job of its own.
 */
export function jobId(): string {
  const { workflowId, firstExecutionRunId, originalExecutionRunId, cronSchedule } = workflowInfo();
  return `${workflowId}/${cronSchedule === undefined ? firstExecutionRunId : originalExecutionRunId}`;
}

/**
 * When this job was to start, in milliseconds since 1970 UTC: what a Schedule or a cron expression says, however late
 * a worker came to it.
 */
export function scheduledAt(): number {
  const { searchAttributes, startTime, cronScheduleToScheduleInterval = 0 } = workflowInfo();
  const scheduled = searchAttributes['TemporalScheduledStartTime']?.[0];
  if (scheduled instanceof Date) return scheduled.getTime();
  // A firing of a cron workflow starts when the one before ends, and waits until it is due.
  return startTime.getTime() + cronScheduleToScheduleInterval;
}
