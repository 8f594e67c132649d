import type { Int64Text } from '../../activities/replay/steps.ts';
import { secondsOf, type RunProgress, type RunStatus } from '../run/run-progress.ts';
import type { RangesState, RangesStep } from './ranges-state.ts';

/** The answer of the query `progress`. */
export interface RangesProgress extends RunProgress<RangesStep> {
  topics: string;
  groups: string[];
  ranges: { done: number; total: number };
  /** Offsets that are planned. */
  offsets: Int64Text;
  records: Int64Text;
  bytes: Int64Text;
  left: Record<string, number>;
  recordsPerSecond: number | undefined;
}

/** Groups that are named; a job may have a hundred. */
const LISTED = 10;

export function rangesProgress(state: RangesState, status: RunStatus, now: number): RangesProgress {
  const { job, planned, ran } = state;
  const seconds = secondsOf(state, now);
  const running = seconds.run ?? 0;
  return {
    job: job.id,
    topics: job.topic,
    groups: groupsOf(job),
    status,
    step: state.step,
    ranges: { done: ran.ranges, total: planned?.ranges ?? 0 },
    offsets: planned?.offsets ?? '0',
    records: ran.records,
    bytes: ran.bytes,
    left: ran.left,
    recordsPerSecond: running > 0 ? Math.round(Number(ran.records) / running) : undefined,
    rate: state.control.rate,
    seconds,
    startedAt: new Date(state.startedAt).toISOString(),
  };
}

export function groupsOf({ inputs }: { inputs: readonly { group: string }[] }): string[] {
  return [...new Set(inputs.map(({ group }) => group))].slice(0, LISTED);
}

/** Before there is a state: while the input is being checked. */
export function rangesProgressAtFirst(job: string, startedAt: number): RangesProgress {
  return {
    job,
    topics: '',
    groups: [],
    status: 'running',
    step: 'plan',
    ranges: { done: 0, total: 0 },
    offsets: '0',
    records: '0',
    bytes: '0',
    left: {},
    recordsPerSecond: undefined,
    rate: {},
    seconds: {},
    startedAt: new Date(startedAt).toISOString(),
  };
}
