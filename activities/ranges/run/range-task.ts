import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import type { FailedReply } from '../../replay/decode/decode-reply.ts';
import type { ThreadKafka, ThreadRegistry } from '../../step/thread-connections.ts';
import type { RateLimit } from '../../step/rate-limit.ts';
import type { RangesJob } from '../job/ranges-job.ts';
import type { PlannedRange } from '../plan/range-plan-file.ts';
import type { SkippedValue } from './range-records.ts';

/** All that a thread needs for one range; it is cloned on the way there. */
export interface RangeTask {
  kafka: ThreadKafka;
  /** Not there for values that need none. */
  registry: ThreadRegistry | undefined;
  job: RangesJob;
  range: PlannedRange;
  /** Reader's schema that is pinned for the topic. */
  reader: string | undefined;
  functionsPath: string;
  /** Of this range alone. */
  rate: RateLimit;
  attempt: number;
}

/** All that a thread needs to call `finish`. */
export interface FinishTask {
  hdfs: HdfsConfig;
  job: RangesJob;
  /** In the order in which `finish` gets their summaries, each with the path of its report. */
  ranges: { range: PlannedRange; report: string }[];
  functionsPath: string;
  attempt: number;
}

/** What a range has come to. */
export interface RangeDone {
  /** What the function returned, as JSON. */
  summary: string;
  records: number;
  bytes: number;
  left: Record<string, number>;
  skipped: SkippedValue[];
  /** SHA-256 of the functions module. */
  hash: string;
  seconds: number;
}

/** A fault of the function: told to the user, and tried again as the job says. */
export interface FunctionFault {
  message: string;
  stack: string | undefined;
}

export type RangeReply = { done: RangeDone } | { threw: FunctionFault } | FailedReply;
export type FinishReply = { finished: string } | { threw: FunctionFault } | FailedReply;

export interface RangeProgress {
  records: number;
  /** Offset that the function has in hand; undefined before the first. */
  at: string | undefined;
}

/** Runs functions of the user's own away from the event loop. */
export interface Ranger {
  /** @throws FunctionFailed where the function is at fault */
  range(
    task: Omit<RangeTask, 'kafka' | 'registry'>,
    options: { signal: AbortSignal; progress: (progress: RangeProgress) => void },
  ): Promise<RangeDone>;
  /** What `finish` returned, as JSON. @throws FunctionFailed where the function is at fault */
  finish(
    task: Omit<FinishTask, 'hdfs'>,
    options: { signal: AbortSignal; progress: (progress: object) => void },
  ): Promise<string>;
  close(): Promise<void>;
}

/** The function threw, returned what it must not, or stood still. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
}
