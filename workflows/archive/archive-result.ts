import type { DecidedRun, PostedCounts, TopicLag, TopicProblem } from '../../activities/archive/steps.ts';
import type { Int64Text } from '../../activities/replay/steps.ts';
import type { ArchiveState, ArchiveStep } from './archive-state.ts';

/** What a run did: is everything there, once, and what is left for the next one. */
export interface ArchiveResult {
  job: string;
  /** The execution that was recorded; undefined where there was nothing new. */
  execution: string | undefined;
  predecessor: string | undefined;
  /** An execution that an earlier run had decided, and that this one finished first. */
  finished: string | undefined;
  topics: number;
  partitions: number;
  files: number;
  bytes: Int64Text;
  records: Int64Text;
  /** Records that are in no file, by reason. */
  left: Record<string, number>;
  /** Offsets that limits and problems left for the next run, and the partition that is furthest behind. */
  offsetsLeft: Int64Text;
  lag: DecidedRun['lag'];
  /** The topics that are furthest behind, as the run leaves them. */
  lags: TopicLag[];
  /** Topics that were not archived, or not wholly; the others are. */
  problems: TopicProblem[];
  moreProblems: number;
  /** Counts that were posted; undefined where the job doesn't ask for it, or that failed (`problems`). */
  audit: PostedCounts | undefined;
  steps: Partial<Record<ArchiveStep, { seconds: number }>>;
  remarks: string[];
}

export function archiveResult(state: ArchiveState): ArchiveResult {
  const { job, recovered, planned, decided, audited } = state;
  const problems = decided?.problems ?? planned?.problems ?? [];
  const posting =
    audited !== undefined && 'problem' in audited
      ? [{ topic: job.audit?.post?.topic ?? '', message: audited.problem }]
      : [];
  return {
    job: job.id,
    execution: decided?.execution,
    predecessor: planned?.predecessor,
    finished: recovered?.finished,
    topics: planned?.topics ?? 0,
    partitions: planned?.partitions ?? 0,
    files: decided?.files ?? 0,
    bytes: decided?.bytes ?? '0',
    records: decided?.records ?? '0',
    left: decided?.left ?? {},
    offsetsLeft: decided?.offsetsLeft ?? planned?.offsetsLeft ?? '0',
    lag: decided === undefined ? planned?.lag : decided.lag,
    lags: decided?.lags ?? planned?.lags ?? [],
    problems: [...posting, ...problems],
    moreProblems: decided?.moreProblems ?? planned?.moreProblems ?? 0,
    audit: audited !== undefined && 'events' in audited ? audited : undefined,
    steps: Object.fromEntries(
      Object.entries(state.seconds).map(([step, seconds]) => [step, { seconds: Math.round(seconds * 1000) / 1000 }]),
    ),
    remarks: [...(recovered?.remarks ?? []), ...(decided?.remarks ?? planned?.remarks ?? [])],
  };
}
