import { z } from 'zod';
import type { JobFormat } from '../../step/staged-job.ts';
import { rangesInput, type ParsedRangesInput } from './ranges-input.ts';

/**
 * A validated job with every default filled in: the result of `validateRanges`, so that a change of defaults never
 * changes a job that is under way.
 */
export interface RangesJob extends Omit<ParsedRangesInput, 'plan' | 'staging' | 'unfinished' | 'offsets'> {
  /** WORKFLOWID/FIRSTRUNID of the job that has made the plan: a later one that goes on with it keeps it. */
  id: string;
  /** Shown as the topic of logs and metrics: a job may have many. */
  topic: string;
  offsets: Omit<ParsedRangesInput['offsets'], 'from'> & { from: 'kafka' | 'zookeeper' };
  /** Folder of these groups and topics alone. */
  staging: string;
  searchAttributes: string[];
  tuning: { heartbeatTimeoutMs: number; decodeTaskQueue?: string | undefined };
}

const { plan: _plan, staging: _staging, unfinished: _unfinished, ...asIsInInput } = rangesInput.shape;

const storedJob = z.strictObject({
  ...asIsInInput,
  id: z.string(),
  topic: z.string(),
  offsets: z.strictObject({
    kafka: z.boolean(),
    zookeeper: z.boolean(),
    from: z.enum(['kafka', 'zookeeper']),
    layout: z.enum(['0.8', '0.7']),
    node: z.int(),
  }),
  staging: z.string(),
  searchAttributes: z.array(z.string()).default([]),
  tuning: z.object({ heartbeatTimeoutMs: z.number(), decodeTaskQueue: z.string().optional() }),
});

/**
 * How a job stands in its staging folder. Since layout 2 all that is one job's alone is in a folder of its own therein, and
 * plans tell of which leader's log they are; layout 1 is of no release.
 */
export const STORED_RANGES: JobFormat<RangesJob> = { layout: 2, shape: storedJob };
