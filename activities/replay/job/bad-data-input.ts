import { z } from 'zod';
import { percent } from '../../step/input-fields.ts';
import type { FormatFault } from '../../../formats/format-error.ts';

/** What a job does about what it can't read. */
export const badData = z.strictObject({
  policy: z.enum(['fail', 'skip']).default('fail'),
  /** Under `skip`: the job fails when more than this share of the records is skipped. */
  limitPercent: percent.default(0.1),
  /** The same for single reasons, as Camus's `etl.max.percent.skipped.*`; both limits count. */
  limits: z
    .strictObject({
      truncated: percent.optional(),
      corrupt: percent.optional(),
      unsupported: percent.optional(),
      limit: percent.optional(),
      schema: percent.optional(),
      time: percent.optional(),
      function: percent.optional(),
    } satisfies Record<FormatFault, z.ZodOptional<typeof percent>>)
    .prefault({}),
});
