import { ConnectionError } from '../../../connections/connection-error.ts';
import type { TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { bucketTime } from '../pull/record-time.ts';
import type { PartitionOutlook } from './archive-plan.ts';
import type { PlanHead, PlannedPartition } from './plan-file.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Enough for a batch; a larger one comes whole. */
const FETCH_BYTES = 64 * 1024;
/** Batches without a record that a consumer gets, before the first with one. */
const MOST_BATCHES = 100;

/** What a run would find in a partition, from offsets alone. */
export function outlookOf(planned: PlannedPartition): PartitionOutlook {
  const { topic, partition, stored, earliest, start, to, stable, latest, lagBytes, missing } = planned;
  const [from, end] = [BigInt(start), BigInt(stable)];
  return {
    topic,
    partition,
    stored,
    earliest,
    start,
    stable,
    latest,
    lag: String(end > from ? end - from : 0n),
    lagBytes: lagBytes === undefined ? undefined : String(Math.round(lagBytes)),
    reads: String(BigInt(to) - from),
    heldBack: String(BigInt(latest) - end),
    missing: missing.slice(0, 3),
  };
}

/**
 * The same with how far behind it is in time, and with the folders that files would come to: by Kafka's timestamps of the first
 * and the last record that is to be read, which stand for those of the values.
 */
export async function outlookInTime(
  planned: PlannedPartition,
  { plannedAt, horizon }: Pick<PlanHead, 'plannedAt' | 'horizon'>,
  { files }: Pick<ArchiveJob, 'files'>,
  reader: TopicReader,
  signal: AbortSignal,
): Promise<PartitionOutlook> {
  const outlook = outlookOf(planned);
  if (outlook.lag === '0') return outlook;
  const times = await timesOf(planned, reader, signal);
  if (times === undefined) return outlook;
  const rules = { horizon, wild: 'kafka' } as const;
  const [first, last] = times.map((time) => bucketTime(Number.NaN, time, rules)!) as [number, number];
  const buckets = writtenLayout().buckets(files);
  const [from, to] = [buckets.of(Math.min(first, last)), buckets.of(Math.max(first, last))];
  const { bucketMinutes = files.folders === 'daily' ? 1440 : 60 } = files;
  const span = Math.round((to.start - from.start) / (bucketMinutes * MINUTE_MS)) + 1;
  return {
    ...outlook,
    ...(first > 0 && { lagHours: Math.max(0, Math.round(((plannedAt - first) / HOUR_MS) * 10) / 10) }),
    folders: { first: from.folder, last: to.folder },
    files: Math.min(span, Number(outlook.lag)),
  };
}

/** Undefined where the log doesn't give them now: a plan tells what it can. */
async function timesOf(
  { topic, topicId, partition, start, stable }: PlannedPartition,
  reader: TopicReader,
  signal: AbortSignal,
): Promise<[number, number] | undefined> {
  const of = { topic, topicId, partition };
  const [from, to] = [BigInt(start), BigInt(stable)];
  const options = { maxBytes: FETCH_BYTES, signal };
  try {
    let first: number | undefined;
    let batches = 0;
    for await (const batch of reader.read({ ...of, from, to }, options)) {
      if (batch.kind === 'data')
        for await (const run of batch.records()) {
          if (run.next()) first = run.timestampNumber;
          break;
        }
      if (first !== undefined || (batches += 1) >= MOST_BATCHES) break;
    }
    let last: number | undefined;
    for await (const batch of reader.read({ ...of, from: to - 1n, to }, options)) last = Number(batch.maxTimestamp);
    return first === undefined || last === undefined ? undefined : [first, last];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ConnectionError)) throw error;
    return undefined;
  }
}
