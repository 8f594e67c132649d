import type { MovedGroup } from '../../activities/ranges/steps.ts';
import type { Int64Text } from '../../activities/replay/steps.ts';
import type { RangesState, RangesStep } from './ranges-state.ts';

/** What a job of ranges has done. */
export interface RangesResult {
  job: string;
  /** The job whose plan this one has gone on with; null where it has planned itself. */
  wentOnWith: string | null;
  topics: number;
  partitions: number;
  ranges: number;
  records: Int64Text;
  bytes: Int64Text;
  /** Records that the functions did not get, by reason. */
  left: Record<string, number>;
  /** Offsets that `maxRangesPerPartition` has left for the next job. */
  offsetsLeft: Int64Text;
  /** What `finish` returned; without one the summaries of the first ranges. */
  finished: unknown;
  /** Summaries that `finished` doesn't hold. */
  moreSummaries: number;
  /** Where each group goes on. */
  groups: MovedGroup[];
  steps: Partial<Record<RangesStep, { seconds: number }>>;
  remarks: string[];
}

export function rangesResult(state: RangesState): RangesResult {
  const { job, ownId, planned, ran, finished, moved } = state;
  return {
    job: ownId,
    wentOnWith: job.id === ownId ? null : job.id,
    topics: planned?.topics ?? 0,
    partitions: planned?.partitions ?? 0,
    ranges: ran.ranges,
    records: ran.records,
    bytes: ran.bytes,
    left: ran.left,
    offsetsLeft: planned?.offsetsLeft ?? '0',
    finished: finished === undefined ? null : (JSON.parse(finished.result) as unknown),
    moreSummaries: finished?.moreSummaries ?? 0,
    groups: moved?.groups ?? [],
    steps: Object.fromEntries(
      Object.entries(state.seconds).map(([step, seconds]) => [step, { seconds: Math.round(seconds * 1000) / 1000 }]),
    ),
    remarks: [...(planned?.remarks ?? []), ...(finished?.remarks ?? []), ...(moved?.remarks ?? [])],
  };
}
