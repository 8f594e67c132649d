import { z } from 'zod';
import type { Cell, CellTally } from '../tally/cell-tally.ts';
import { hashText } from '../content/content-hash.ts';

const side = z.object({
  count: z.int(),
  hash: z.string(),
  first: z.string().optional(),
  last: z.string().optional(),
});
export type CountedSide = z.infer<typeof side>;

const int64 = z.string();

/** What two sides have come to, bucket by bucket. */
export const differencesShape = z.object({
  bucketMs: z.number(),
  cells: z.int(),
  archive: int64,
  found: int64,
  uncompared: int64,
  /** Records of the archive that a compacted topic has no more. */
  compacted: int64,
  partitions: z.array(
    z.object({
      partition: z.int(),
      archive: side,
      topic: side,
      uncompared: z.int(),
      aborted: z.int(),
      markers: z.int(),
    }),
  ),
  tombstones: z.int(),
  undecodable: z.int(),
  firstUndecodable: z.string().optional(),
  /** Cells that differ, those in content before those in order alone; with where their records are. */
  differing: z.array(
    z.object({
      partition: z.int(),
      bucket: z.number().nullable(),
      archive: side,
      topic: side,
      orderOnly: z.boolean(),
      splits: z.array(z.int()),
      ranges: z.array(z.int()),
    }),
  ),
  moreDiffering: z.int(),
  moreOrderOnly: z.int(),
  unreadable: z.array(z.object({ file: z.string(), message: z.string(), records: z.int() })),
  moreUnreadable: z.int(),
  disorder: z.array(z.object({ message: z.string(), file: z.string().optional(), ordinal: z.int().optional() })),
});

export type Differences = z.infer<typeof differencesShape>;
export type DifferingCell = Differences['differing'][number];

export function sideOf({ count, sum, first, last }: CellTally): CountedSide {
  return {
    count,
    hash: hashText(sum),
    ...(first !== undefined && { first: String(first) }),
    ...(last !== undefined && { last: String(last) }),
  };
}

/** `partition 3, bucket 2026-11-28T10:00:00.000Z`. */
export function cellText({ partition, bucket }: Cell): string {
  return `partition ${partition}${Number.isNaN(bucket) ? '' : `, bucket ${new Date(bucket).toISOString()}`}`;
}
