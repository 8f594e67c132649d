import { z } from 'zod';
import { percent } from '../step/input-fields.ts';
import type { BadReason } from './left-reasons.ts';

/** Fields of a job that reads topics: how much of what it reads may be bad, where its policy is to skip that. */
export const badDataLimits = {
  /** Under `skip`: of all records, and of a topic's. */
  limitPercent: percent.default(0.1),
  topicLimitPercent: percent.default(10),
  /** The same of all records for single reasons, as Camus's `etl.max.percent.skipped.*`; all limits count. */
  limits: z
    .strictObject({
      frame: percent.optional(),
      'unknown-schema': percent.optional(),
      corrupt: percent.optional(),
      schema: percent.optional(),
      time: percent.optional(),
      delimiter: percent.optional(),
    } satisfies Record<BadReason, z.ZodOptional<typeof percent>>)
    .prefault({}),
};
