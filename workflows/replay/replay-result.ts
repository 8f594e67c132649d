import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type {
  CommittedOffsets,
  FileListing,
  Int64Text,
  SkippedByFault,
  VerifiedReplay,
} from '../../activities/replay/steps.ts';
import { groupedText } from '../run/readable.ts';
import type { ReplayState, ReplayStep } from './replay-state.ts';

/** What a replay did: the answer to "is everything there, once, and where do my consumers go on". */
export interface ReplayResult {
  job: string;
  topic: string;
  replayTopic: string | undefined;
  files: number;
  bytes: Int64Text;
  leftOut: FileListing['leftOut'];
  records: {
    read: number;
    published: Int64Text;
    skipped: number;
    skippedBy: SkippedByFault;
    /** Of those that were skipped, records that are estimated by the bytes of what nothing counts. */
    skippedEstimated: number;
    outOfRange: number;
    /** Left out by the job's filter. */
    filtered: number;
    clampedTimes: number;
  };
  /** What the records were sorted by. */
  order: ReplayJob['order'];
  /** How they were brought into that order; undefined of a job that published nothing, and in results of older releases. */
  sorting?: ReplayedSorting | undefined;
  /** Record times as they stand in the records, in the unit of the time field; only of a replay in their order. */
  firstTime: Int64Text | undefined;
  lastTime: Int64Text | undefined;
  /** `seconds`, `millis`, `micros`, `nanos`; undefined where there was no record, and in results of older releases. */
  timeUnit?: string | undefined;
  partitions: VerifiedReplay['partitions'];
  /** Partitions that are not listed, where there are very many. */
  morePartitions: number;
  execution: string | undefined;
  offsets: CommittedOffsets;
  /** ISO-8601: when the job was begun, by whichever run of it, and when it was done. */
  startedAt?: string;
  endedAt?: string;
  /** Of the run that ended: what earlier runs of a job that was taken up have done is not in it. */
  steps: Partial<Record<ReplayStep, { seconds: number; recordsPerSecond?: number }>>;
  remarks: string[];
}

export interface ReplayedSorting {
  /** `whole`: all, in staging, before the first was published, or what was left behind windows that could not go on. */
  by: 'windows' | 'whole';
  /** Windows, and how many of them went through staging; a run that took the job up knows of its own. */
  windows: number;
  staged: number;
}

export function replayResult(
  state: ReplayState,
  verified: VerifiedReplay | undefined,
  offsets: CommittedOffsets,
  now: number,
): ReplayResult {
  const { job, listing, decoded, catalogue } = state;
  return {
    job: job.id,
    topic: job.topic,
    replayTopic: job.offsetsOnly ? undefined : job.replayTopic.name,
    files: listing?.files ?? 0,
    bytes: listing?.bytes ?? '0',
    leftOut: listing?.leftOut ?? [],
    records: {
      read: decoded.read,
      published: state.published.records,
      skipped: decoded.skipped,
      skippedBy: decoded.skippedBy,
      skippedEstimated: decoded.estimated ?? 0,
      outOfRange: decoded.outOfRange,
      filtered: decoded.filtered,
      clampedTimes: decoded.clamped,
    },
    order: job.order,
    sorting: sortingOf(state),
    firstTime: catalogue?.firstTime,
    lastTime: catalogue?.lastTime,
    timeUnit: decoded.timeUnits[0],
    partitions: verified?.partitions ?? [],
    morePartitions: verified?.morePartitions ?? 0,
    execution: state.pins?.execution,
    offsets,
    startedAt: new Date(state.startedAt).toISOString(),
    endedAt: new Date(now).toISOString(),
    steps: stepTimes(state),
    remarks: [
      ...(state.pins?.remarks ?? []),
      ...(listing?.remarks ?? []),
      ...(decoded.remarks ?? []),
      ...(catalogue?.remarks ?? []),
      ...doubledRemark(state),
      ...abortedRemark(verified),
      ...offsets.remarks,
    ],
  };
}

function sortingOf({ job, listing, stagedWindows = 0 }: ReplayState): ReplayedSorting | undefined {
  if (job.offsetsOnly || listing === undefined) return undefined;
  const windows = listing.windows?.count ?? 0;
  return { by: windows > 0 ? 'windows' : 'whole', windows, staged: stagedWindows };
}

/** Files that tell no offsets may hold what others hold too; all of them together can't hold more than was archived. */
function doubledRemark({ listing, decoded }: ReplayState): string[] {
  if (listing?.offsets === undefined || BigInt(decoded.read) <= BigInt(listing.offsets)) return [];
  const more = BigInt(decoded.read) - BigInt(listing.offsets);
  return [
    `the files hold ${groupedText(decoded.read)} records, and up to the pinned offsets there are ${groupedText(listing.offsets)} offsets: at least ${groupedText(more.toString())} records are there twice, or are not of this topic`,
  ];
}

/** Partitions that a remark names. */
const NAMED = 10;

function abortedRemark(verified: VerifiedReplay | undefined): string[] {
  const disturbed = (verified?.partitions ?? []).filter(({ aborted }) => aborted !== '0');
  if (disturbed.length === 0) return [];
  const records = disturbed.reduce((sum, { aborted }) => sum + BigInt(aborted), 0n);
  const named = disturbed.slice(0, NAMED).map(({ partition }) => partition);
  const more = disturbed.length > NAMED ? ` and ${disturbed.length - NAMED} more` : '';
  return [
    `${groupedText(records.toString())} records of interrupted transactions stand in the log of partition ${named.join(', ')}${more}, beside the same records committed: consumers that read uncommitted records see them too (README: before consumers read the replay)`,
  ];
}

function stepTimes(state: ReplayState): ReplayResult['steps'] {
  const rates: Partial<Record<ReplayStep, number>> = {
    decode: state.decoded.read,
    publish: Number(state.published.records),
  };
  return Object.fromEntries(
    Object.entries(state.seconds).map(([step, seconds]) => {
      const records = rates[step as ReplayStep];
      const rate = records === undefined || seconds === 0 ? {} : { recordsPerSecond: Math.round(records / seconds) };
      return [step, { seconds: Math.round(seconds * 1000) / 1000, ...rate }];
    }),
  );
}
