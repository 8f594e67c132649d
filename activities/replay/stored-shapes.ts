import { z } from 'zod';
import { missingOffsets } from '../../layouts/execution-account.ts';
import type { PinnedOffsets, ToldRun } from '../../layouts/pinned-offsets.ts';
import type { SplitCounts } from './decode/split-decoder.ts';
import type { FileListing } from './steps.ts';

/**
 * What stands in staging as JSON, whoever wrote it (lines of the manifest: `manifest/manifest.ts`). A field that a release adds has a default here, or may be missing;
 * one that this release does not know is kept.
 */

const int64 = z.string().regex(/^-?\d+$/, 'expected a whole number in decimal');
const texts = z.array(z.string());
const count = z.int().min(0);

const toldShape: z.ZodType<ToldRun> = z.looseObject({
  records: count,
  left: z.record(z.string(), count).exactOptional(),
  missing: z.array(missingOffsets).exactOptional(),
});

/** `offsets.json`. */
export const pinsShape: z.ZodType<PinnedOffsets> = z.looseObject({
  execution: z.string(),
  startedAt: z.number(),
  next: z.record(z.string(), int64),
  boundaries: z.record(z.string(), z.array(int64)).default({}),
  told: z.record(z.string(), z.array(toldShape.nullable())).exactOptional(),
  remarks: texts.default([]),
});

/** The summary of the manifest. */
export const listingShape: z.ZodType<FileListing> = z.looseObject({
  fingerprint: z.string(),
  files: count,
  bytes: int64,
  splits: count,
  partitions: z.int().min(1),
  leftOut: z.array(z.looseObject({ reason: z.string(), files: count, examples: texts })).default([]),
  remarks: texts.default([]),
  recordsPerByte: z.record(z.string(), z.number()).exactOptional(),
  windows: z
    .looseObject({
      count: z.int().min(1),
      at: count,
      largestBytes: int64,
      memoryPerByte: z.number(),
      direct: count.exactOptional(),
      largestStagedBytes: int64.exactOptional(),
    })
    .exactOptional(),
});

/** Records whose times are not those of their files. */
export const straysShape = z.looseObject({
  records: count,
  wild: count,
  wildFiles: count,
  nearFiles: count.default(0),
  least: z.number(),
  most: z.number(),
});

/** First and last of some times. */
export const timesShape = z.looseObject({ from: z.number(), to: z.number() });

/** `sorted/split-N.json`. */
export const countsShape: z.ZodType<SplitCounts> = z.looseObject({
  read: count,
  kept: count,
  outOfRange: count,
  filtered: count.default(0),
  skipped: count,
  skippedBy: z.record(z.string(), count).default({}),
  estimated: count.default(0),
  clamped: count.default(0),
  bytesSorted: count,
  timeUnit: z
    .string()
    .optional()
    .transform((unit) => unit),
  strays: straysShape.optional(),
  outOfRangeTimes: timesShape.optional(),
  remarks: texts.optional(),
  errors: texts.default([]),
  offsets: z.array(z.looseObject({ partition: count, runs: z.array(z.tuple([count, count])) })).optional(),
});
