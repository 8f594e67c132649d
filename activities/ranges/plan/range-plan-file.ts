import { z } from 'zod';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { plannedSchema } from '../../log/schemas/planned-schema.ts';
import { readHeadedLines, type ListsOf } from '../../step/headed-lines.ts';
import { int64 } from '../../step/sealed-lines.ts';

/**
 * The plan of a job: what it depends on, pinned before anything is read, in one file of sealed lines. Nothing in the
 * job depends on "now" or on "latest" after it.
 */
export const rangesHead = z.object({
  kind: z.literal('head'),
  version: z.literal(1),
  /** The job that has planned. */
  job: z.string(),
  plannedAt: z.number(),
  remarks: z.array(z.string()),
  moreRemarks: z.number(),
});

/** A partition of an input, whether or not something is read of it. */
export const plannedPartition = z.object({
  kind: z.literal('partition'),
  /** Place in the job's `inputs`. */
  input: z.number(),
  topic: z.string(),
  topicId: z.string().optional(),
  partition: z.number(),
  /** Of the leader that told `stable`; left out where the brokers give none. */
  leaderEpoch: z.number().optional(),
  /** What the group had when the job was planned, in each place; left out where it had none. */
  kafka: int64.optional(),
  zookeeper: int64.optional(),
  /** What is read, and where the group goes on afterwards: at `to`. */
  from: int64,
  to: int64,
  stable: int64,
  /** Offsets of a range; the last one may hold some more, or fewer. */
  perRange: int64,
  ranges: z.number(),
  missing: z.array(z.object({ from: int64, to: int64, why: z.string() })).default([]),
});

/** Stands at the place of its number. */
export const plannedRange = z.object({
  kind: z.literal('range'),
  /** The same in every attempt, and of no other records of this group and function. */
  id: z.string(),
  input: z.number(),
  topic: z.string(),
  topicId: z.string().optional(),
  partition: z.number(),
  /** As in its partition: no batch of it is of a later leader. */
  leaderEpoch: z.number().optional(),
  from: int64,
  to: int64,
  bytes: z.number(),
});

const planLine = z.discriminatedUnion('kind', [rangesHead, plannedSchema, plannedPartition, plannedRange]);

export type PlannedPartition = z.output<typeof plannedPartition>;
export type PlannedRange = z.output<typeof plannedRange>;
export type PlanLine = z.output<typeof planLine>;

export interface RangesPlan {
  head: z.output<typeof rangesHead>;
  schemas: z.output<typeof plannedSchema>[];
  partitions: PlannedPartition[];
  ranges: PlannedRange[];
}

/** The lines of a plan's file. */
export function linesOf({ head, schemas, partitions, ranges }: RangesPlan): PlanLine[] {
  return [head, ...schemas, ...partitions, ...ranges];
}

/** The plan at a path; undefined where there is none. */
export async function readRangesPlan(
  store: FileStore,
  path: string,
  signal: AbortSignal,
): Promise<RangesPlan | undefined> {
  const lists: ListsOf<PlanLine> = { schema: [], partition: [], range: [] };
  const head = await readHeadedLines(store, path, planLine, lists, signal);
  if (head === undefined) return undefined;
  return { head, schemas: lists.schema, partitions: lists.partition, ranges: lists.range };
}
