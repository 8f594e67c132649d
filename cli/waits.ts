import { shortError } from '../activities/step/waiting.ts';
import type { RunProgress } from '../workflows/run/run-progress.ts';
import type { PendingStep } from './pending-step.ts';
import type { PendingTask } from './pending-task.ts';

/** What of a workflow's status tells that it waits. */
interface Waiting {
  workflowStatus: string;
  taskQueue: string;
  progress: ToldWait | undefined;
  archive: ToldWait | undefined;
  ranges: ToldWait | undefined;
  verify: ToldWait | undefined;
  workflowTask: PendingTask | undefined;
  activities: PendingStep[];
}

/** Of the kind that it is; the others are not there. */
type ToldWait = Pick<RunProgress, 'waitingFor'>;

/** Code of Temporal's SDK for a history that the workflow's code does not come to. */
const NOT_REPLAYED = 'TMPRL1100';
const WHAT_TO_DO =
  'what to do: have all workers run one release; if it stays, end the job and take it up (docs/errors.md, TMPRL1100)';

/** What is picked up later than this is waited for. */
const PICKED_UP_WITHIN_MS = 5_000;

/** What a job waits for, each in one line: servers, other workers, anybody who serves its task queue. */
export function waitsOf(report: Waiting, now: number): string[] {
  if (report.workflowStatus !== 'RUNNING') return [];
  const own = workflowWaits(report, now);
  const steps = report.activities.flatMap((step) => stepWaits(step, report.taskQueue, now));
  const all = [...own, ...steps];
  if (all.length > 0) return all;
  const told = (report.progress ?? report.archive ?? report.ranges ?? report.verify)?.waitingFor;
  return told === undefined ? [] : [`${told.step} waits for ${told.for} since ${told.since}: ${told.error}`];
}

function workflowWaits({ workflowTask, taskQueue, activities }: Waiting, now: number): string[] {
  if (workflowTask === undefined) return [];
  const { attempt, since, lastError } = workflowTask;
  if (attempt > 1 && lastError !== undefined)
    return [
      `the workflow's own code can't go on (attempt ${attempt}): ${shortError(lastError)}`,
      ...(lastError.includes(NOT_REPLAYED) ? [WHAT_TO_DO] : []),
    ];
  const late = since !== undefined && now - Date.parse(since) > PICKED_UP_WITHIN_MS;
  if (!workflowTask.started && late && activities.length === 0)
    return [`a worker on the task queue ${taskQueue} since ${since}`];
  return [];
}

function stepWaits(pending: PendingStep, taskQueue: string, now: number): string[] {
  const { step, attempt, started, since, waitingFor, lastError } = pending;
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  if (waitingFor !== undefined)
    return [`${step} waits for ${waitingFor.for} since ${waitingFor.since}${again}: ${waitingFor.error}`];
  if (started) return [];
  const late = since !== undefined && now - Date.parse(since) > PICKED_UP_WITHIN_MS;
  const last = attempt > 1 ? shortError(lastError ?? 'the last attempt gave no sign of life') : undefined;
  // The task queue of the step may be one of its own.
  if (late)
    return [
      `${step} waits for a worker since ${since}${again} (task queue ${taskQueue}, or its own)${last === undefined ? '' : `; before: ${last}`}`,
    ];
  return last === undefined ? [] : [`${step} is tried again${again}: ${last}`];
}
