import { z } from 'zod';
import type { TopicCounts } from '../../../layouts/archive-writing.ts';
import { topicCounts } from '../pull/pull-report.ts';
import { int64 } from '../../step/sealed-lines.ts';

/** Where the counts of an execution go, and as what. */
export const auditPost = z.object({ topic: z.string(), tier: z.string(), schemaId: z.number().optional() });
export type AuditPost = z.output<typeof auditPost>;

/**
 * The decision of a run: all files and all next offsets, in one file of sealed lines that is put in place by one
 * rename. From then on the only way is forward.
 */
export const decisionHead = z.object({
  kind: z.literal('head'),
  version: z.literal(1),
  job: z.string(),
  /** Folder of the run, where the files to be placed are. */
  staging: z.string(),
  dest: z.string(),
  history: z.string(),
  /** @default not known, of an older release */
  exec: z.string().optional(),
  predecessor: z.string().optional(),
  execution: z.string(),
  decidedAt: z.number(),
  /** How the counts are posted, where they are. */
  post: auditPost.optional(),
});

export const decidedFile = z.object({
  kind: z.literal('file'),
  from: z.string(),
  to: z.string(),
  length: z.number(),
  topic: z.string(),
  partition: z.number(),
  records: z.number(),
  first: int64,
  next: int64,
  /** Holds bad records, whole: they are counted among those that were left. */
  apart: z.literal(true).optional(),
});

/** Where a partition goes on; one for each that is known, those carried over included. */
export const decidedPartition = z.object({
  kind: z.literal('partition'),
  topic: z.string(),
  partition: z.number(),
  leader: z.string(),
  /** `host:port` of the leader and the log's end when the run was planned, of partitions that it looked at. */
  leaderAddress: z.string().optional(),
  latest: int64.optional(),
  /** Where this run began, and where the next one goes on. */
  start: int64,
  next: int64,
  records: z.number(),
  messageSize: z.number().optional(),
  topicId: z.string().optional(),
  leaderEpoch: z.number().optional(),
  /** Offsets that are in no file, and why: lost in Kafka before they were archived, skipped, or moved over. */
  missing: z.array(z.object({ from: int64, to: int64, why: z.string() })).default([]),
  /** The offsets `start` to `next` hold so many records that are in no file, by reason. */
  left: z.record(z.string(), z.number()).default({}),
  /** Time up to which its records are archived, in ms since 1970; left out where that is not known. */
  complete: z.number().optional(),
  /** What files don't tell of records that are in them, and of how many. */
  untold: z.record(z.string(), z.number()).optional(),
});

/** Something that is written beside the offsets: a skipped record, or an object of counts. */
export const decidedError = z.object({
  kind: z.literal('error'),
  topic: z.string(),
  partition: z.number(),
  offset: int64,
  message: z.string(),
});

export const decidedCounts = z.object({ kind: z.literal('counts'), topic: z.string(), counts: topicCounts });

/** What kept a topic, or a part of it, out of the run. */
export const decidedProblem = z.object({ kind: z.literal('problem'), topic: z.string(), message: z.string() });

export const decisionLine = z.discriminatedUnion('kind', [
  decisionHead,
  decidedFile,
  decidedPartition,
  decidedError,
  decidedCounts,
  decidedProblem,
]);

export type DecisionHead = z.output<typeof decisionHead>;
export type DecidedFile = z.output<typeof decidedFile>;
export type DecidedPartition = z.output<typeof decidedPartition>;
export type DecidedError = z.output<typeof decidedError>;
export type DecisionLine = z.output<typeof decisionLine>;

export interface Decision {
  head: DecisionHead;
  files: DecidedFile[];
  partitions: DecidedPartition[];
  errors: DecidedError[];
  counts: { topic: string; counts: TopicCounts }[];
  problems: { topic: string; message: string }[];
}
