import { Draws, recordSeed, seedOf } from './draws.ts';
import type { ResolvedLaterRun, ResolvedOptions } from './archive-options.ts';

/** What one run of Camus read of one partition: positions from 0, `to` exclusive. */
export interface PulledRange {
  from: number;
  to: number;
  /** Id of the leader, which stands in the names of files. */
  broker: number;
}

export interface Run {
  /** yyyy-MM-dd-HH-mm-ss, UTC. */
  name: string;
  /** Milliseconds since 1970 UTC, cut to the second. */
  at: number;
  failed: boolean;
  schemaVersion: 1 | 2;
  /** By topic (as in the options), then by partition. */
  pulled: PulledRange[][];
}

/** How the records of a topic come about: everything else follows from it. */
export interface TopicPlan {
  topic: string;
  seed: number;
  startOffsets: bigint[];
  /** Milliseconds between two records of a partition; 0 for one that never has any. */
  intervals: number[];
  largeHours: ResolvedOptions['largeHours'];
}

export interface ArchivePlan {
  options: ResolvedOptions;
  topics: TopicPlan[];
  runs: Run[];
}

const BROKERS = 3;
const EXECUTION_INTERVAL = 3_600_000;

export function planArchive(options: ResolvedOptions, laterRuns: readonly ResolvedLaterRun[]): ArchivePlan {
  const counts = options.topics.map((topic) => countsOf(options, seedOf(options.seed, topic)));
  const topics = options.topics.map((topic, index) => ({
    topic,
    seed: seedOf(options.seed, topic),
    startOffsets: Array.from({ length: options.partitions }, (_, at) => BigInt(options.startOffsets[at] ?? '0')),
    intervals: (counts[index] ?? []).map((count) => (count === 0 ? 0 : (options.hours * 3_600_000) / count)),
    largeHours: options.largeHours,
  }));
  const planner = new RunPlanner(options, counts);
  return { options, topics, runs: planner.runs(laterRuns) };
}

/** Records of each partition: uneven, and `records` in sum. */
function countsOf(options: ResolvedOptions, seed: number): number[] {
  const draws = new Draws(seed);
  const weights = Array.from({ length: options.partitions }, (_, partition) =>
    options.emptyPartitions.includes(partition) ? 0 : 0.8 + 0.4 * draws.next(),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const counts = weights.map((weight) => Math.floor((options.records * weight) / sum));
  const first = weights.findIndex((weight) => weight > 0);
  counts[first] = (counts[first] ?? 0) + options.records - counts.reduce((a, b) => a + b, 0);
  return counts;
}

class RunPlanner {
  private readonly options: ResolvedOptions;
  private readonly counts: number[][];
  private readonly committed: number[][];
  /** How often the leader of a partition has moved: a failed run is retried under another leader, else names would clash. */
  private readonly moves: number[][];

  constructor(options: ResolvedOptions, counts: number[][]) {
    this.options = options;
    this.counts = counts;
    this.committed = counts.map((ofTopic) => ofTopic.map(() => 0));
    this.moves = counts.map((ofTopic) => ofTopic.map(() => 0));
  }

  runs(laterRuns: readonly ResolvedLaterRun[]): Run[] {
    const { executions, failedRuns, newestExecutionAt, writerSchemas } = this.options;
    const total = executions + failedRuns.length;
    const runs: Run[] = [];
    const add = (ends: number[][], failed: boolean, schemaVersion: 1 | 2): void => {
      const at = newestExecutionAt - (total - 1 - runs.length) * EXECUTION_INTERVAL;
      runs.push(this.run(at, ends, failed, schemaVersion));
    };
    for (let execution = 0; execution < executions; execution++) {
      const schemaVersion = writerSchemas === 2 && execution < executions / 2 ? 1 : 2;
      const ends = this.endsOf(execution);
      for (const { before, partitions = [0], share = 0.7 } of failedRuns) {
        if (before !== execution) continue;
        const reached = this.committed.map((ofTopic, topic) =>
          ofTopic.map((from, partition) =>
            partitions.includes(partition)
              ? from + Math.floor(((ends[topic]?.[partition] ?? from) - from) * share)
              : from,
          ),
        );
        add(reached, true, schemaVersion);
      }
      add(ends, false, schemaVersion);
    }
    for (const later of laterRuns) runs.push(this.run(later.at, this.endsOfLater(later), !later.history, 2));
    return runs;
  }

  private run(at: number, ends: number[][], failed: boolean, schemaVersion: 1 | 2): Run {
    const pulled = ends.map((ofTopic, topic) =>
      ofTopic.map((to, partition) => {
        const from = this.committed[topic]?.[partition] ?? 0;
        return { from, to, broker: 1 + ((partition + (this.moves[topic]?.[partition] ?? 0)) % BROKERS) };
      }),
    );
    if (!failed) pulled.forEach((ofTopic, topic) => (this.committed[topic] = ofTopic.map(({ to }) => to)));
    else
      pulled.forEach((ofTopic, topic) => {
        this.moves[topic] = ofTopic.map(
          ({ from, to }, partition) => (this.moves[topic]?.[partition] ?? 0) + (to > from ? 1 : 0),
        );
      });
    const second = Math.floor(at / 1000) * 1000;
    return { name: executionName(second), at: second, failed, schemaVersion, pulled };
  }

  /** Up to where a run of the archive reads: about the same time in every partition. */
  private endsOf(execution: number): number[][] {
    const { executions, quietPartitions, seed } = this.options;
    const last = execution === executions - 1;
    return this.counts.map((ofTopic, topic) =>
      ofTopic.map((count, partition) => {
        const quiet = quietPartitions.includes(partition) && execution >= executions - 2;
        if (last || quiet) return count;
        const draws = new Draws(seedOf(seed, 'run', execution, topic, partition));
        const end = Math.floor((count * (execution + 0.95 + 0.1 * draws.next())) / executions);
        return Math.max(this.committed[topic]?.[partition] ?? 0, end);
      }),
    );
  }

  private endsOfLater({ records, quietPartitions }: ResolvedLaterRun): number[][] {
    return this.counts.map((ofTopic, topic) => {
      const busy = ofTopic.flatMap((count, partition) =>
        count > 0 && !quietPartitions.includes(partition) ? [partition] : [],
      );
      return ofTopic.map((_, partition) => {
        const place = busy.indexOf(partition);
        const more =
          place < 0
            ? 0
            : Math.floor(((place + 1) * records) / busy.length) - Math.floor((place * records) / busy.length);
        return (this.committed[topic]?.[partition] ?? 0) + more;
      });
    });
  }
}

/** yyyy-MM-dd-HH-mm-ss in UTC. */
export function executionName(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '-');
}

const LATEST = 3 * 3_600_000;

/**
 * Time of the record at a position of a partition: mostly increasing, with jitter; some minutes late; a few up to three
 * hours; an eighth cut to whole seconds, so that equal times occur within partitions and across them.
 */
export function recordTime(options: ResolvedOptions, plan: TopicPlan, partition: number, index: number): number {
  const interval = plan.intervals[partition] ?? 0;
  const draws = new Draws(recordSeed(plan.seed, partition, index));
  const arrival = options.start + (index + draws.next()) * interval;
  const kind = draws.next();
  const jitter = Math.min(Math.max(2000, 3 * interval), 600_000);
  const reach = kind < options.late ? LATEST : kind < options.late + 0.08 ? 90_000 : jitter;
  let time = Math.floor(arrival - draws.next() * reach);
  if (draws.below(8) === 0) time -= time % 1000;
  return Math.max(options.start, time);
}
