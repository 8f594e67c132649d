import { z } from 'zod';
import { int64 } from '../../step/sealed-lines.ts';

/** What one pull did, in one file of sealed lines that is put in place by a rename: the pull whose report counts. */
export const pullHead = z.object({
  kind: z.literal('head'),
  /** 2 where a range has `missing`: a release that doesn't know that must not decide what it doesn't tell. */
  version: z.literal([1, 2]),
  pull: z.number(),
  seconds: z.number(),
});

/** A data file in the run's hidden folder, whole and closed. */
export const pulledFile = z.object({
  kind: z.literal('file'),
  topic: z.string(),
  partition: z.number(),
  /** Where it is, and where it belongs. */
  path: z.string(),
  target: z.string(),
  length: z.number(),
  crc32c: z.number(),
  records: z.number(),
  /** Offset of its first record, and one past that of its last. */
  first: int64,
  next: int64,
  /** Holds bad records, whole: they are counted among those that were left. */
  apart: z.literal(true).optional(),
});

export const pulledRange = z.object({
  kind: z.literal('range'),
  topic: z.string(),
  partition: z.number(),
  from: int64,
  to: int64,
  /** How far it came: every offset before is in a file, or among those that were left or are missing. */
  next: int64,
  records: z.number(),
  /** Bytes of the values that were read. */
  bytes: z.number(),
  left: z.record(z.string(), z.number()),
  /** What files don't tell of records that are in them, such as null from empty, and of how many. */
  untold: z.record(z.string(), z.number()).optional(),
  firstTime: z.number().optional(),
  lastTime: z.number().optional(),
  /** Offsets that Kafka deleted while the run went on, which the job lets pass: they are in no file. */
  missing: z.array(z.object({ from: int64, to: int64, why: z.string() })).optional(),
  /** Why it ended before `to`. */
  cut: z.object({ why: z.enum(['limit', 'problem']), message: z.string() }).optional(),
});

export const pulledError = z.object({
  kind: z.literal('error'),
  topic: z.string(),
  partition: z.number(),
  offset: int64,
  message: z.string(),
});

/** What was counted of one topic (layouts/archive-writing.ts). */
export const topicCounts = z.object({
  topic: z.string(),
  granularity: z.number(),
  counts: z
    .array(z.object({ start: z.number(), server: z.string(), service: z.string(), count: z.number() }))
    .readonly(),
  startTime: z.number(),
  endTime: z.number(),
  firstTimestamp: z.number(),
  lastTimestamp: z.number(),
});

export const pulledCounts = z.object({
  kind: z.literal('counts'),
  topic: z.string(),
  partition: z.number(),
  /** Where the range begins that was counted. */
  from: int64,
  counts: topicCounts,
});

export const pullLine = z.discriminatedUnion('kind', [pullHead, pulledFile, pulledRange, pulledError, pulledCounts]);

export type PulledFile = z.output<typeof pulledFile>;
export type PulledRange = z.output<typeof pulledRange>;
export type PulledError = z.output<typeof pulledError>;
export type PulledCounts = z.output<typeof pulledCounts>;
export type PullLine = z.output<typeof pullLine>;

/** The lines of a report, with its head. */
export function reportOf(pull: number, seconds: number, lines: readonly PullLine[]): PullLine[] {
  const version = lines.some((line) => line.kind === 'range' && line.missing !== undefined) ? 2 : 1;
  return [{ kind: 'head', version, pull, seconds }, ...lines];
}
