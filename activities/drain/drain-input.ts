import { z } from 'zod';
import { replayInput } from '../replay/job/job-input.ts';
import { invalidInput, issuesOf } from '../replay/job/parse-input.ts';
import { LISTED_PARTITIONS } from '../replay/steps.ts';

const { topic, connections } = replayInput.shape;
const offset = z.string().regex(/^\d{1,19}$/, 'expected an offset in decimal digits');

/** What the workflow `drain` is told; `rewind drain` fills it in from the replay's result. */
const drainInput = z.strictObject({
  replayTopic: topic,
  group: z.string().min(1).max(255),
  connections,
  /** Whether the replay has not ended yet: what is drained now may not be all. @default false */
  unfinished: z.boolean().default(false),
  /** Where the group goes on in the live topic; left out where the replay doesn't tell. */
  live: z
    .strictObject({
      topic,
      /** Id of the replay, which its commit is marked with. */
      job: z.string().min(1),
      offsets: z.array(z.strictObject({ partition: z.int().min(0), offset })).max(LISTED_PARTITIONS),
      /** Partitions whose offsets the result did not list. */
      more: z.int().min(0).default(0),
      /** The group for which the replay has committed them already, and when it ended. */
      waiting: z.strictObject({ group: z.string().min(1).max(255), since: z.iso.datetime() }).optional(),
    })
    .optional(),
  /** Commits those offsets for the group, once it has drained the replay topic. @default false */
  commit: z.boolean().default(false),
});

export type DrainInput = z.input<typeof drainInput>;
export type ParsedDrainInput = z.output<typeof drainInput>;

/** @throws JobError 'input-invalid' that names every wrong field at once */
export function parseDrainInput(input: unknown): ParsedDrainInput {
  const parsed = drainInput.safeParse(input);
  if (!parsed.success) throw invalidInput(issuesOf(parsed.error));
  return parsed.data;
}
