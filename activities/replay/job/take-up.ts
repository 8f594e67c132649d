import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { Staging } from '../staging.ts';
import type { TemporalServer } from '../../step/temporal-server.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from './replay-job.ts';
import { sequenceSettings } from './sequence-settings.ts';

/** Workflow id and first run id of a job. */
export function workflowOfJob(id: string): { workflowId: string; runId: string } {
  const cut = id.lastIndexOf('/');
  return { workflowId: id.slice(0, cut), runId: id.slice(cut + 1) };
}

/**
 * Makes sure that a job which is to be taken up by name is there, has ended, and was the same: its staging and its
 * replay topic hold records of one sequence, and another one would not fit.
 */
export async function checkTakeUp(
  store: FileStore,
  temporal: TemporalServer,
  job: ReplayJob,
  signal: AbortSignal,
): Promise<void> {
  if (await temporal.isRunning(workflowOfJob(job.id)))
    throw new JobError(
      'take-up-running',
      `The job ${job.id} can't be taken up: it is still running. Let it go on (if it is paused, resume it), or cancel it first.`,
      { job: job.id },
    );
  const before = await new Staging(store, job.staging).readBeginning(signal);
  if (before === undefined)
    throw new JobError(
      'take-up-unknown',
      `The job ${job.id} can't be taken up: it has no staging folder ${job.staging} on ${store.describe()}. Check takeUp, topic and staging, or start a new job.`,
      { job: job.id, staging: job.staging },
    );
  const differing = differences(sequenceSettings(before), sequenceSettings(pinned(job, before)));
  if (differing.length > 0)
    throw new JobError(
      'take-up-differs',
      `The job ${job.id} can't be taken up: ${differing.join('; ')}. What is published would not fit together; give the input that it was started with.`,
      { job: job.id, fields: differing },
    );
}

/**
 * A job as it was begun: what its scheduled start and its first worker have set is the same however often it is taken
 * up, whatever that worker was. Only the task queues are those at which workers wait now.
 */
export function pinned(job: ReplayJob, before: ReplayJob): ReplayJob {
  const { from, to, replayTopic, functionsHash } = before;
  const { decodeTaskQueue, publishTaskQueue } = job.tuning;
  return {
    ...job,
    from,
    to,
    functionsHash,
    replayTopic: { ...job.replayTopic, name: replayTopic.name },
    tuning: { ...before.tuning, decodeTaskQueue, publishTaskQueue },
  };
}

function differences(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
  const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  return Object.keys({ ...before, ...now })
    .filter((field) => text(before[field]) !== text(now[field]))
    .map((field) => `${field} was ${text(before[field])} and is ${text(now[field])}`);
}
