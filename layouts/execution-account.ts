import { z } from 'zod';

/** Beside the offsets of each execution of Rewind's: what Camus has no place for. Camus passes over a file of this name. */
export const REWIND_JSON = 'rewind.json';

const int64 = z.string().regex(/^-?\d+$/, 'expected a whole number in decimal');

/** Offsets of a log that are in no file, from the first to before the last, and why. */
export const missingOffsets = z.object({ from: int64, to: int64, why: z.string() });

/** What an execution's `rewind.json` says of one partition, as far as a reader of the archive has use for it. */
export const partitionAccount = z.object({
  topic: z.string(),
  partition: z.number(),
  /** Where the run began and where the next one goes on. */
  start: int64,
  next: int64,
  /** Records in files. */
  records: z.number(),
  /** Offsets that are in none: lost in Kafka before they were archived, or moved over; they may lie before `start`. */
  missing: z.array(missingOffsets),
  /** Records of these offsets that are in none, by reason. */
  left: z.record(z.string(), z.number()),
});

export type PartitionAccount = z.output<typeof partitionAccount>;
