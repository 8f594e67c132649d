import type { Int64Text } from '../../activities/replay/steps.ts';
import { secondsOf, type RunProgress, type RunStatus } from '../run/run-progress.ts';
import type { ReplayState, ReplayStep } from './replay-state.ts';

export type ReplayStatus = RunStatus;

/** How far a replay is: the answer of the query `progress`, and what the Web UI shows as details. */
export interface ReplayProgress extends RunProgress<ReplayStep> {
  topic: string;
  replayTopic: string | undefined;
  group: string | undefined;
  files: number;
  bytes: Int64Text;
  splits: { decoded: number; total: number };
  bytesDecoded: Int64Text;
  /** The window in hand, from 1, of a job that is sorted window by window; undefined of others. */
  windows?: ReplayWindows | undefined;
  /** Merge passes are numbered by level; 0: none was needed so far. */
  mergeLevel: number;
  records: {
    decoded: number;
    sorted: number;
    skipped: number;
    outOfRange: number;
    filtered: number;
    published: Int64Text;
    /** Records that will be published; known when all are decoded, which windows are while others go out. */
    total: Int64Text | undefined;
  };
  /** Of the step that runs: decoding or publishing. */
  recordsPerSecond: number | undefined;
  /** Time left at this rate, for decoding and publishing together; undefined where nothing can be said yet. */
  secondsLeft: number | undefined;
}

export interface ReplayWindows {
  at: number;
  of: number;
  /** Windows that are expected to go through memory alone; undefined of jobs that an older release began. */
  direct?: number | undefined;
  /** Bytes of files of the largest of these, and of the largest that goes through staging; undefined where there is none. */
  largestBytes?: Int64Text | undefined;
  largestStagedBytes?: Int64Text | undefined;
  /** Where the window in hand goes through staging: its splits, and how many are sorted. */
  staging?: { sorted: number; of: number } | undefined;
}

/** `now` is the time of the workflow, in milliseconds since 1970 UTC. */
export function progressOf(state: ReplayState, status: ReplayStatus, now: number): ReplayProgress {
  const { job, listing, decoded, catalogue } = state;
  // Who stands still has no rate; the one of the step in hand says nothing about when it will go on.
  const rates = status === 'running' ? ratesOf(state, now) : {};
  return {
    job: job.id,
    topic: job.topic,
    replayTopic: job.offsetsOnly ? undefined : job.replayTopic.name,
    group: job.offsets.group,
    status,
    step: state.step,
    rate: state.control.rate,
    files: listing?.files ?? 0,
    bytes: listing?.bytes ?? '0',
    splits: { decoded: decoded.splits, total: listing?.splits ?? 0 },
    bytesDecoded: decoded.bytesRead,
    windows: windowsOf(state),
    mergeLevel: state.mergeLevel,
    records: {
      decoded: decoded.read,
      sorted: decoded.kept,
      skipped: decoded.skipped,
      outOfRange: decoded.outOfRange,
      filtered: decoded.filtered,
      published: state.published.records,
      total: catalogue?.records,
    },
    recordsPerSecond: rates.now === undefined ? undefined : Math.round(rates.now),
    secondsLeft: rates.left === undefined ? undefined : Math.ceil(rates.left),
    seconds: secondsOf(state, now),
    startedAt: new Date(state.startedAt).toISOString(),
  };
}

function windowsOf({ listing, window = 0, staged }: ReplayState): ReplayWindows | undefined {
  if (listing?.windows === undefined) return undefined;
  const { count: of, direct, largestBytes, largestStagedBytes } = listing.windows;
  const staging = staged && { sorted: staged.sorted, of: staged.endSplit - staged.firstSplit };
  return { at: Math.min(window + 1, of), of, direct, largestBytes, largestStagedBytes, staging };
}

/** While the input is being checked: nothing of it is believed yet but that it names a topic. */
export function progressAtFirst(input: unknown, job: string, startedAt: number): ReplayProgress {
  const { topic } = (input ?? {}) as { topic?: unknown };
  return {
    job,
    topic: typeof topic === 'string' ? topic : '',
    replayTopic: undefined,
    group: undefined,
    status: 'running',
    step: 'validate',
    rate: {},
    files: 0,
    bytes: '0',
    splits: { decoded: 0, total: 0 },
    bytesDecoded: '0',
    mergeLevel: 0,
    records: { decoded: 0, sorted: 0, skipped: 0, outOfRange: 0, filtered: 0, published: '0', total: undefined },
    recordsPerSecond: undefined,
    secondsLeft: undefined,
    seconds: {},
    startedAt: new Date(startedAt).toISOString(),
  };
}

function ratesOf(state: ReplayState, now: number): { now?: number; left?: number } {
  const { decoded, listing, catalogue, published, step } = state;
  const seconds = secondsOf(state, now)[step] ?? 0;
  if (step === 'decode' && listing !== undefined && decoded.splits > 0 && seconds > 0) {
    const rate = decoded.read / seconds;
    // Publishing takes about as long as decoding; before anything is out, this is the best that can be said.
    const splitsLeft = listing.splits - decoded.splits;
    return { now: rate, left: (seconds / decoded.splits) * (splitsLeft + listing.splits) };
  }
  if (step === 'publish' && catalogue !== undefined) {
    // Of the last slice: what came before may have been paused, held to another rate, or published by an earlier run.
    const rate = published.recordsPerSecond;
    if (rate === undefined || rate === 0) return {};
    return { now: rate, left: (Number(catalogue.records) - Number(published.records)) / rate };
  }
  if (step === 'publish' && listing?.windows !== undefined) {
    const rate = published.recordsPerSecond;
    const share = Number(decoded.bytesRead) / Number(listing.bytes);
    if (rate === undefined || rate === 0 || !(share > 0)) return {};
    // Of a window that goes through staging records are out which the bytes so far don't count.
    if (state.staged !== undefined) return { now: rate };
    // How many records there are is known at the end; so many there would be if all bytes held as many.
    return { now: rate, left: Math.max(0, Number(published.records) / share - Number(published.records)) / rate };
  }
  return {};
}
