import type { TopicProblem } from '../../activities/archive/steps.ts';
import type { Int64Text } from '../../activities/replay/steps.ts';
import { secondsOf, type RunProgress, type RunStatus } from '../run/run-progress.ts';
import type { ArchiveState, ArchiveStep } from './archive-state.ts';
import { topicProgress, type TopicProgress } from './topic-progress.ts';

/** How far an archive run is: the answer of the query `progress`, and what the Web UI shows as details. */
export interface ArchiveProgress extends RunProgress<ArchiveStep> {
  topics: string;
  dest: string;
  execution: string | undefined;
  topicCount: number;
  partitions: { toRead: number; total: number };
  pulls: { done: number; total: number };
  /** Offsets that were to be read when the run was planned. */
  offsets: Int64Text;
  records: Int64Text;
  bytes: Int64Text;
  files: number;
  left: Record<string, number>;
  recordsPerSecond: number | undefined;
  /** The topics that are furthest behind, or were when the run was planned. */
  topicLags: TopicProgress[];
  problems: TopicProblem[];
}

/** `now` is the time of the workflow, in milliseconds since 1970 UTC. */
export function archiveProgress(state: ArchiveState, status: RunStatus, now: number): ArchiveProgress {
  const { job, planned, pulled, decided } = state;
  const seconds = secondsOf(state, now);
  const pulling = seconds.pull ?? 0;
  // As a cancelled run tells it when it ends, it is being cancelled still.
  const thrownAway = (status === 'cancelled' || status === 'cancelling') && decided === undefined;
  return {
    job: job.id,
    topics: job.topic,
    dest: job.dest,
    status,
    step: state.step,
    execution: thrownAway ? undefined : planned?.execution,
    topicCount: planned?.topics ?? 0,
    partitions: { toRead: planned?.toRead ?? 0, total: planned?.partitions ?? 0 },
    pulls: { done: pulled.pulls, total: planned?.pulls ?? 0 },
    offsets: planned?.offsets ?? '0',
    records: pulled.records,
    bytes: pulled.bytes,
    files: pulled.files,
    left: pulled.left,
    recordsPerSecond: pulling > 0 ? Math.round(Number(pulled.records) / pulling) : undefined,
    topicLags: topicProgress(state, pulling, thrownAway),
    problems: decided?.problems ?? planned?.problems ?? [],
    rate: state.control.rate,
    seconds,
    startedAt: new Date(state.startedAt).toISOString(),
  };
}

/** Before there is a state: while the input is being checked, of which no more is known than what it says. */
export function archiveProgressAtFirst(input: unknown, job: string, startedAt: number): ArchiveProgress {
  const { dest } = (input ?? {}) as { dest?: unknown };
  return {
    job,
    topics: '*',
    dest: typeof dest === 'string' ? dest : '',
    status: 'running',
    step: 'recover',
    execution: undefined,
    topicCount: 0,
    partitions: { toRead: 0, total: 0 },
    pulls: { done: 0, total: 0 },
    offsets: '0',
    records: '0',
    bytes: '0',
    files: 0,
    left: {},
    recordsPerSecond: undefined,
    topicLags: [],
    problems: [],
    rate: {},
    seconds: {},
    startedAt: new Date(startedAt).toISOString(),
  };
}
