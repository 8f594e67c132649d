import { z } from 'zod';
import type { JobFormat } from '../../step/staged-job.ts';
import { ORDERS, output, PARTITIONS, replayInput, replayTopic, SORTS } from './job-input.ts';
import type { ReplayJob, Tuning } from './replay-job.ts';

const {
  from: _from,
  to: _to,
  timeZone: _zone,
  plan: _plan,
  takeUp: _takeUp,
  staging: _staging,
  replayTopic: _topic,
  ...asIsInInput
} = replayInput.shape;

const tuning = z.object({
  heartbeatTimeoutMs: z.number(),
  decodeConcurrency: z.number(),
  sliceMs: z.number(),
  splitBytes: z.number(),
  mergeFanIn: z.int().min(2),
  decodeTaskQueue: z.string().optional(),
  publishTaskQueue: z.string().optional(),
}) satisfies z.ZodType<Tuning>;

const storedJob = z
  .strictObject({
    ...asIsInInput,
    order: z.enum(ORDERS).default('time'),
    sort: z.enum(SORTS).default('whole'),
    output: output.extend({ partitions: z.enum(PARTITIONS).default('one') }).prefault({}),
    id: z.string(),
    replayTopic: replayTopic.extend({ name: z.string() }),
    input: z.string().optional(),
    history: z.string().optional(),
    from: z.int().optional(),
    to: z.int().optional(),
    scheduledAt: z.number().optional(),
    begunAt: z.number().optional(),
    functionsHash: z.string().optional(),
    frameId: z.int().optional(),
    staging: z.string(),
    searchAttributes: z.array(z.string()).default([]),
    tuning,
  })
  .transform(
    // Named, since JSON leaves out what is undefined.
    ({ input, history, from, to, functionsHash, ...rest }): ReplayJob => ({
      ...rest,
      input,
      history,
      from,
      to,
      functionsHash,
    }),
  );

/**
 * How a replay stands in its staging folder. Layout 1: `job.json` is the job itself, and merge passes are planned by
 * whoever comes. 2: it says who wrote it; `merge-plan-L.jsonl`, `owner-N.json`.
 */
export const STORED_JOB: JobFormat<ReplayJob> = { layout: 2, shape: storedJob };
