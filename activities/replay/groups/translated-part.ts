import { z } from 'zod';

const int64 = z.string().regex(/^\d{1,19}$/);

/** How far a translation has got: partitions that are read, and one that is read in part. */
export const translatedPartShape = z.object({
  /** Id of the replay topic whose records were read. */
  topicId: z.string(),
  partitions: z.array(
    z.object({
      partition: z.int().min(0),
      /** New offsets by old ones; those of a partition that is done and have none lie behind its last record. */
      found: z.record(int64, int64),
      /** Where to read on; undefined where it is done. */
      from: int64.optional(),
    }),
  ),
});

export type TranslatedPart = z.infer<typeof translatedPartShape>;
