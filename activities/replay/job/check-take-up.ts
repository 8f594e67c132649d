import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';
import { JobOwners } from '../../step/job-owner.ts';
import type { BegunJob } from '../../step/staged-job.ts';
import type { TemporalServer } from '../../step/temporal-server.ts';
import { Staging } from '../staging.ts';
import type { ParsedReplayInput } from './job-input.ts';
import { replayTopicNameOf, timesOf } from './job-times.ts';
import type { ReplayJob } from './replay-job.ts';
import { differences } from './take-up.ts';

/**
 * Makes sure that a job which is to be taken up by name is there, has ended, and was the same: its staging and its
 * replay topic hold records of one sequence, and another one would not fit. Changes nothing.
 *
 * @param me the workflow that wants to take it up
 */
export async function checkTakeUp(
  store: FileStore,
  temporal: TemporalServer,
  me: string,
  parsed: ParsedReplayInput,
  job: ReplayJob,
  signal: AbortSignal,
): Promise<void> {
  const staging = new Staging(store, job.staging);
  const running = await new JobOwners(store, staging, temporal, job.id).runningBeside(me, signal);
  if (running !== undefined) throw isRunning(job.id, running);
  const begun = await staging.readBeginning(signal);
  if (begun === undefined) throw unknown(store, job);
  const output = withHeadersAsBegun(parsed, job, begun);
  const differing = differences(begun.job, { ...job, ...asScheduledThen(parsed, job, begun), output });
  if (differing.length > 0)
    throw new JobError(
      'take-up-differs',
      `The job ${job.id} can't be taken up: ${differing.join('; ')}. What is published would not fit together; give the input that it was started with.`,
      { job: job.id, fields: differing },
    );
}

/**
 * Makes `me` the workflow that runs a job which was begun before.
 *
 * @throws JobError where another one runs it, also one that came at the same moment
 */
export async function own(
  store: FileStore,
  temporal: TemporalServer,
  me: string,
  job: ReplayJob,
  signal: AbortSignal,
): Promise<void> {
  const staging = new Staging(store, job.staging);
  const running = await new JobOwners(store, staging, temporal, job.id).claim(me, signal);
  if (running !== undefined) throw isRunning(job.id, running);
  // Whoever removes a staging folder owns it meanwhile: it may be gone by now.
  if ((await staging.readBeginning(signal)) === undefined) throw unknown(store, job);
}

/** Where the input leaves it open whether records tell their file: up to release 0.1.0 that meant that they do. */
function withHeadersAsBegun(
  { output: { headers } }: ParsedReplayInput,
  { output }: ReplayJob,
  { job: before }: BegunJob<ReplayJob>,
): ReplayJob['output'] {
  if (headers.file !== undefined) return output;
  return { ...output, headers: { ...output.headers, file: before.output.headers.file } };
}

/** What an input says of times and of the topic's name, had the job been started with it when it was started. */
function asScheduledThen(
  parsed: ParsedReplayInput,
  job: ReplayJob,
  { job: before }: BegunJob<ReplayJob>,
): Pick<ReplayJob, 'from' | 'to' | 'replayTopic'> {
  const at = (time: number): Pick<ReplayJob, 'from' | 'to' | 'replayTopic'> => ({
    ...timesOf(parsed, time),
    replayTopic: { ...job.replayTopic, name: replayTopicNameOf(parsed, time) ?? job.replayTopic.name },
  });
  if (before.scheduledAt !== undefined) return at(before.scheduledAt);
  // A job of an older release: what depends on its start is as it was then, and only the rest can be compared.
  const [one, other] = [at(0), at(Date.UTC(2100, 0))];
  const fixed = one.replayTopic.name === other.replayTopic.name;
  return {
    from: one.from === other.from ? one.from : before.from,
    to: one.to === other.to ? one.to : before.to,
    replayTopic: fixed ? one.replayTopic : { ...one.replayTopic, name: before.replayTopic.name },
  };
}

function isRunning(job: string, owner: string): JobError {
  const who = owner === job ? 'it is still running' : `the workflow ${owner} runs it`;
  return new JobError(
    'take-up-running',
    `The job ${job} can't be taken up: ${who}. Let it go on (if it is paused, resume it), or cancel it first.`,
    { job, owner },
  );
}

function unknown(store: FileStore, job: ReplayJob): JobError {
  return new JobError(
    'take-up-unknown',
    `The job ${job.id} can't be taken up: it has no staging folder ${job.staging} on ${store.describe()}. Check takeUp, topic and staging, or start a new job.`,
    { job: job.id, staging: job.staging },
  );
}
