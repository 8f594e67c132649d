import { z } from 'zod';
import { STORED_JOB } from '../../replay/job/stored-job.ts';
import type { ReplayJob } from '../../replay/job/replay-job.ts';
import type { JobFormat } from '../../step/staged-job.ts';
import { TARGETS, type Target, type VerifySection } from './verify-input.ts';

/** A validated job of `verify` with every default filled in: what all later steps get. */
export interface VerifyJob {
  /** WORKFLOWID/FIRSTRUNID. */
  id: string;
  topic: string;
  /** The replay that the archive is read as. */
  replay: ReplayJob;
  settings: Omit<VerifySection, 'against' | 'report'> & { report: string };
  /** What is compared: those that were asked for, or that are there. */
  targets: Target[];
  /** Why a target that the job doesn't name is not compared. */
  notes: string[];
  /** Folder of this job alone. */
  staging: string;
  connections: ReplayJob['connections'];
  searchAttributes: string[];
  tuning: ReplayJob['tuning'];
}

const storedJob = z.looseObject({
  id: z.string(),
  topic: z.string(),
  replay: STORED_JOB.shape,
  settings: z.object({
    value: z.enum(['auto', 'registry', 'as-is', 'none']),
    bucketMinutes: z.int(),
    sample: z.int(),
    report: z.string(),
  }),
  targets: z.array(z.enum(TARGETS)),
  notes: z.array(z.string()),
  staging: z.string(),
  connections: z.unknown(),
  searchAttributes: z.array(z.string()),
  tuning: z.unknown(),
}) as unknown as z.ZodType<VerifyJob>;

/** How a job stands in its staging folder. */
export const STORED_VERIFY: JobFormat<VerifyJob> = { layout: 1, shape: storedJob };

export function topicOf(job: ReplayJob, target: Target): string {
  return target === 'source' ? job.topic : job.replayTopic.name;
}
