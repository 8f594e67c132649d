import { z } from 'zod';

const line = z.tuple([
  z.int(),
  z.number().nullable(),
  z.int(),
  z.string(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
]);

/** What was counted in a range of a topic. */
export const topicTally = z.object({
  partition: z.int(),
  /** From where on it was read: later than planned where the log was trimmed meanwhile. */
  from: z.string(),
  to: z.string(),
  records: z.int(),
  aborted: z.int(),
  markers: z.int(),
  tombstones: z.int(),
  undecodable: z.int(),
  firstUndecodable: z.string().optional(),
  firstOrdinal: z.string().optional(),
  lastOrdinal: z.string().optional(),
  disorder: z.array(z.string()),
  /** Of a compacted topic whose archive tells offsets: which of the planned range are there, a bit for each, in base64. */
  left: z.string().optional(),
  /** Length of the buckets; undefined: that of the job. */
  bucketMs: z.number().optional(),
  cells: z.array(line),
});

export type TopicTally = z.infer<typeof topicTally>;

const placed = z.object({ file: z.string(), message: z.string(), records: z.int() });

/** What was counted in a split of the archive. */
export const archiveTally = z.object({
  records: z.int(),
  /** Records below what the topic has. */
  uncompared: z.int(),
  /** Records that a compacted topic has no more. */
  compacted: z.int(),
  unreadable: z.array(placed),
  /** Of those that are not listed. */
  moreUnreadable: z.int(),
  disorder: z.array(z.object({ file: z.string(), ordinal: z.int(), message: z.string() })),
  bucketMs: z.number().optional(),
  cells: z.array(line),
});

export type ArchiveTally = z.infer<typeof archiveTally>;

/** From which offset on each partition of a topic is compared. */
export const boundsShape = z.object({ from: z.array(z.tuple([z.int(), z.string()])) });
