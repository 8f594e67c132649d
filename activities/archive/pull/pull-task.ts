import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import type { RateLimit } from '../../step/rate-limit.ts';
import type { PulledTopic } from '../steps.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import type { PlannedSchema } from '../../log/schemas/planned-schema.ts';
import type { PlannedPull } from '../plan/plan-file.ts';
import type { ThreadKafka, ThreadRegistry } from '../../step/thread-connections.ts';

/** All that a thread needs for one pull; it is cloned on the way there. */
export interface PullTask {
  hdfs: HdfsConfig;
  kafka: ThreadKafka;
  /** Not there for values that need none. */
  registry: ThreadRegistry | undefined;
  job: ArchiveJob;
  pull: PlannedPull;
  /** Reader's schemas of the topics of the pull. */
  schemas: PlannedSchema[];
  oldest: number | undefined;
  horizon: number;
  /** Folder of the attempt, and where it writes its report. */
  folder: string;
  report: string;
  /** Of this pull alone. */
  rate: RateLimit;
  giveUpLeaders: boolean;
  /** Nodes that other pulls of the run have waited for in vain. */
  awayLeaders: readonly number[];
}

/** What a pull was, for the workflow; the report has it range by range. */
export interface PullCounts {
  ranges: number;
  cut: number;
  records: number;
  bytes: number;
  files: number;
  left: Record<string, number>;
  /** Those of its topics of which most was read. */
  topics: PulledTopic[];
  seconds: number;
  /** Nodes that lead and can't be reached, -1 for partitions without a leader; of the attempt alone: no report has them. */
  away?: number[];
}

export type PullProgress = (progress: { ranges: number; records: number; at: string }) => void;

/** Does pulls away from the event loop. */
export interface Puller {
  pull(
    task: Omit<PullTask, 'hdfs' | 'kafka' | 'registry'>,
    options: { signal: AbortSignal; progress: PullProgress },
  ): Promise<PullCounts>;
  close(): Promise<void>;
}
