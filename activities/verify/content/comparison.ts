import type { ReplayJob } from '../../replay/job/replay-job.ts';
import { tellsOffsets } from '../../replay/job/own-offsets.ts';
import type { Target } from '../job/verify-input.ts';
import type { VerifyJob } from '../job/verify-job.ts';

/**
 * What of a record is compared. `whole`: timestamp, key, value, headers. `pair`: key and value, null and empty being
 * the same. `value`: the value as both sides come to it. `published`: key, value and headers of its own. `none`: nothing.
 */
export type ComparedContent = 'whole' | 'pair' | 'value' | 'published' | 'none';

/** How one target is compared, pinned in the plan. */
export interface Comparison {
  content: ComparedContent;
  /** Whether the values of the source topic stand in the frame of a registry. */
  framed: boolean;
  /** Whether records are told apart by partition, and by time. */
  partitioned: boolean;
  bucketed: boolean;
  /** Whether both sides have the records of a bucket in the same order. */
  ordered: boolean;
}

/** The job by which the archive is decoded, so that its records come out as those of the target do. */
export function decodingJob({ replay }: Pick<VerifyJob, 'replay'>, target: Target): ReplayJob {
  const { output, archive } = replay;
  const own = tellsOffsets(replay);
  const headers = { ordinal: false, partition: false, file: false, offset: false, timestampType: false };
  const plain: ReplayJob = {
    ...replay,
    order: own ? 'offset' : 'file',
    archive: { ...archive, strayTimes: 'ignore' },
    output: { ...output, headers, partitions: 'source', timestamps: 'record', invalidTimestamps: 'clamp' },
    badData: { ...replay.badData, policy: 'skip' },
  };
  if (target === 'replay') return { ...plain, order: own ? 'offset' : replay.order === 'time' ? 'time' : 'file' };
  const { key: _key, frame: _frame, subject: _subject, ...rest } = plain.output;
  return {
    ...plain,
    from: undefined,
    to: undefined,
    frameId: undefined,
    functions: {},
    output: { ...rest, encoding: 'avro-binary' },
  };
}
