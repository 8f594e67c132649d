import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type {
  CommittedOffsets,
  FileListing,
  Int64Text,
  SkippedByFault,
  VerifiedReplay,
} from '../../activities/replay/steps.ts';
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
    outOfRange: number;
    /** Left out by the job's filter. */
    filtered: number;
    clampedTimes: number;
  };
  /** What the records were sorted by. */
  order: ReplayJob['order'];
  /** Record times as they stand in the records, in the unit of the time field; only of a replay in their order. */
  firstTime: Int64Text | undefined;
  lastTime: Int64Text | undefined;
  partitions: VerifiedReplay['partitions'];
  /** Partitions that are not listed, where there are very many. */
  morePartitions: number;
  execution: string | undefined;
  offsets: CommittedOffsets;
  steps: Partial<Record<ReplayStep, { seconds: number; recordsPerSecond?: number }>>;
  remarks: string[];
}

export function replayResult(
  state: ReplayState,
  verified: VerifiedReplay | undefined,
  offsets: CommittedOffsets,
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
      outOfRange: decoded.outOfRange,
      filtered: decoded.filtered,
      clampedTimes: decoded.clamped,
    },
    order: job.order,
    firstTime: catalogue?.firstTime,
    lastTime: catalogue?.lastTime,
    partitions: verified?.partitions ?? [],
    morePartitions: verified?.morePartitions ?? 0,
    execution: state.pins?.execution,
    offsets,
    steps: stepTimes(state),
    remarks: [
      ...(state.pins?.remarks ?? []),
      ...(listing?.remarks ?? []),
      ...(decoded.remarks ?? []),
      ...(catalogue?.remarks ?? []),
      ...offsets.remarks,
    ],
  };
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
