import { z } from 'zod';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { readHeadedLines, type ListsOf } from '../../step/headed-lines.ts';
import { plannedSchema, type PlannedSchema } from '../../log/schemas/planned-schema.ts';
import { int64 } from '../../step/sealed-lines.ts';

/**
 * The plan of a run: what it depends on, pinned before anything is read, in one file of sealed lines. Nothing in the
 * run depends on "now" or on "latest" after it.
 */
export const planHead = z.object({
  kind: z.literal('head'),
  version: z.literal(1),
  /** Another one in each life of a run that is reset; left out by older releases. */
  id: z.string().optional(),
  job: z.string(),
  predecessor: z.string().optional(),
  execution: z.string(),
  plannedAt: z.number(),
  /** Records older than this many milliseconds since 1970 are left out; none where there is no such limit. */
  oldest: z.number().optional(),
  /** Record times beyond this are taken for wild. */
  horizon: z.number(),
  remarks: z.array(z.string()),
  moreRemarks: z.number(),
});

/** A partition that is known, whether or not something is read of it. */
export const plannedPartition = z.object({
  kind: z.literal('partition'),
  topic: z.string(),
  partition: z.number(),
  leader: z.string(),
  /** Left out for a partition that the run only carries over. */
  leaderAddress: z.string().optional(),
  topicId: z.string().optional(),
  leaderEpoch: z.number().optional(),
  /** What the history says; left out for a new partition. */
  stored: int64.optional(),
  /** Where the log begins, and estimated bytes of it that are not archived; left out where nobody was asked. */
  earliest: int64.optional(),
  lagBytes: z.number().optional(),
  /** Where the run begins, and where the next one goes on if this one reads nothing. */
  start: int64,
  /** End of what is read in this run, and of what could be read. */
  to: int64,
  stable: int64,
  latest: int64,
  missing: z.array(z.object({ from: int64, to: int64, why: z.string() })).default([]),
  messageSize: z.number().optional(),
  problem: z.string().optional(),
});

export const plannedPull = z.object({
  kind: z.literal('pull'),
  pull: z.number(),
  ranges: z.array(
    z.object({
      topic: z.string(),
      topicId: z.string().optional(),
      leaderEpoch: z.number().optional(),
      partition: z.number(),
      leader: z.string(),
      from: int64,
      to: int64,
      bytes: z.number(),
      /** Leaves out what a replay of Rewind has published: the topic had a claim when its end was known. */
      skipReplayed: z.literal(true).optional(),
    }),
  ),
});

/** What keeps a topic, or a part of it, from being archived in this run. */
export const plannedProblem = z.object({ kind: z.literal('problem'), topic: z.string(), message: z.string() });

const planLine = z.discriminatedUnion('kind', [planHead, plannedSchema, plannedPartition, plannedPull, plannedProblem]);

export type PlanHead = z.output<typeof planHead>;
export type PlannedPartition = z.output<typeof plannedPartition>;
export type PlannedPull = z.output<typeof plannedPull>;
export type PlannedProblem = z.output<typeof plannedProblem>;
export type PlanLine = z.output<typeof planLine>;

export interface RunPlan {
  head: PlanHead;
  schemas: PlannedSchema[];
  partitions: PlannedPartition[];
  pulls: PlannedPull[];
  problems: PlannedProblem[];
}

/** The lines of a plan's file. */
export function linesOf({ head, schemas, partitions, pulls, problems }: RunPlan): PlanLine[] {
  return [head, ...schemas, ...partitions, ...pulls, ...problems];
}

/** The plan at a path; undefined where there is none. */
export async function readPlanFile(store: FileStore, path: string, signal: AbortSignal): Promise<RunPlan | undefined> {
  const lists: ListsOf<PlanLine> = { schema: [], partition: [], pull: [], problem: [] };
  const head = await readHeadedLines(store, path, planLine, lists, signal);
  if (head === undefined) return undefined;
  const { schema: schemas, partition: partitions, pull: pulls, problem: problems } = lists;
  return { head, schemas, partitions, pulls, problems };
}
