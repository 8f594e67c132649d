import type { RecordHeader } from '../../../connections/kafka/read/topic-reader.ts';

/**
 * A function of the user's own over one range of a topic. It reads `records` to its end, and returns a summary: JSON of
 * 64 KiB at most, which `finish` gets, and the job's result.
 *
 * **It may be called again for the same range, on any worker**: with the same `range.id` and the same records in the same
 * order. What it writes is exactly once where it is written under that id, or with it as the key.
 */
export type RangeFunction<Summary = unknown> = (
  range: Range,
  records: AsyncIterable<readonly RangeRecord[]>,
  context: RangeContext,
) => Promise<Summary> | Summary;

/**
 * Called once, with the summaries of all ranges in the order of inputs, topics, partitions and offsets, before offsets
 * move; they can be read more than once. What it returns (JSON of 16 KiB at most) is the job's result. A worker that dies meanwhile makes it run again, with
 * the same summaries and the same `job`.
 */
export type FinishFunction<Summary = unknown> = (
  summaries: AsyncIterable<RangeSummary<Summary>>,
  context: FinishContext,
) => unknown;

/** A stretch of one partition. */
export interface Range {
  /** The same in every attempt; no other records of this group and function ever have it. Fit for names of files. */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  /** First offset, and the one behind the last. */
  readonly first: bigint;
  readonly next: bigint;
  readonly group: string;
}

/** A record of a topic. It stays valid: nothing of it is used again. */
export interface RangeRecord {
  readonly offset: bigint;
  /** Milliseconds since 1970; -1: none, NaN: beyond ±2^53. */
  readonly timestamp: number;
  /** Null is not empty. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In their order, repeated names too. */
  readonly headers: readonly RecordHeader[];
  /**
   * By the input's `decode`: of Avro the fields as plain JSON (values of unions not wrapped), of JSON what it says, of text
   * a string; integers beyond 2^53 are BigInts. Null of a record without a value; undefined under `none`.
   */
  readonly decoded: unknown;
}

export interface RangeContext {
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Aborted when the attempt shall end: cancel, shutdown of the worker. To be handed on to whatever waits. */
  readonly signal: AbortSignal;
  /** Says that the function moves: to be called now and then by one that works for minutes without asking for records. */
  readonly heartbeat: () => void;
}

export interface FinishContext extends RangeContext {
  /** Names the plan: the same in every attempt, and in a job that goes on with it. */
  readonly job: string;
}

export interface RangeSummary<Summary = unknown> {
  readonly range: Range;
  readonly summary: Summary;
}
