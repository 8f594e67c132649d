import { z } from 'zod';

/** The line of a plan with the reader's schema of a topic: "latest" is asked for once. */
export const plannedSchema = z.object({
  kind: z.literal('schema'),
  topic: z.string(),
  subject: z.string(),
  id: z.number(),
  json: z.string(),
});

export type PlannedSchema = z.output<typeof plannedSchema>;
