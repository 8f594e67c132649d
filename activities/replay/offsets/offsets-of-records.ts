import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { partitionKey, type PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { boundedRemarks } from '../../step/bounded-remarks.ts';
import { JobError } from '../../step/job-error.ts';
import { goesOnBehindRecords } from '../job/own-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { gapRemark } from '../merge/judge-offsets.ts';
import type { Census } from '../merge/offset-census.ts';
import { readCensus } from '../merge/take-census.ts';
import { isWithheld } from './is-withheld.ts';
import { Staging } from '../staging.ts';

const MOST_OFFSET = 2n ** 63n - 1n;

/**
 * Whoever goes on behind a gap never sees its records: before anything is published, where records tell the offsets to
 * commit.
 *
 * @throws JobError 'records-missing', or 'offsets-missing' where there is no offset behind the last
 */
export function assertNoneMissing(job: ReplayJob, { partitions }: Census): void {
  const { group, evenIfPartial } = job.offsets;
  if (group === undefined || isWithheld(job) || !goesOnBehindRecords(job)) return;
  const end = partitions.find(({ last }) => BigInt(last) === MOST_OFFSET);
  if (end !== undefined)
    throw new JobError(
      'offsets-missing',
      `The last offset of partition ${end.partition} is ${end.last}, behind which Kafka has no offset to go on from. Leave out offsets.group.`,
      { partition: end.partition },
    );
  const gaps = partitions.filter((partition) => partition.gaps > 0).map(gapRemark);
  if (gaps.length === 0 || evenIfPartial || job.archive.missing === 'report') return;
  throw new JobError(
    'records-missing',
    `Offsets are missing in ${gaps.length} partitions of the archive, and group ${group} would go on behind them: ${boundedRemarks(gaps).join('; ')}. Nothing was published. Bring the files back; where these are markers of transactions or what compaction has removed, set archive.missing to "report" to commit the offsets all the same.`,
    { partitions: gaps.length },
  );
}

/** The offsets that the records of a sorted archive tell; undefined where they tell none to commit. */
export async function offsetsOfRecords(
  store: FileStore,
  job: ReplayJob,
  fingerprint: string | undefined,
  signal?: AbortSignal,
): Promise<PinnedOffsets | undefined> {
  if (fingerprint === undefined || !goesOnBehindRecords(job)) return undefined;
  const { partitions } = await readCensus(new Staging(store, job.staging), fingerprint, signal);
  const next = partitions.map(
    ({ partition, last }) => [partitionKey(job.offsets.layout, '', partition), String(BigInt(last) + 1n)] as const,
  );
  return { execution: job.input ?? '', startedAt: -1, next: Object.fromEntries(next), boundaries: {}, remarks: [] };
}
