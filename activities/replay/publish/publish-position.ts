import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { DescribeGroupOptions } from '../../../connections/kafka/admin/admin-port.ts';
import type {
  GroupOffsets,
  PublisherOptions,
  TransactionScope,
} from '../../../connections/kafka/publish/publish-port.ts';
import { formatSortKey, parseSortKey, type SortKey } from '../../../formats/sorted/file/sort-key.ts';
import { JobError } from '../../step/job-error.ts';
import { workflowOfJob } from '../../step/job-owner.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/**
 * How much of a job's sequence is in a replay topic. It is committed in the transaction of the records themselves, as
 * the offset of partition 0 in a group named after the topic; the metadata says which job and which sequence it counts.
 */
export interface PublishPosition {
  job: string;
  fingerprint: string;
  /** Records of the sequence that are out. */
  published: bigint;
  /** Entries of the sorted files that stand up to the last of them and were not published: repeats. @default none */
  repeats?: bigint | undefined;
  /** Sort key of the last of them; undefined before the first. */
  lastKey: SortKey | undefined;
  /**
   * Transactions that wrote to each partition: each leaves one marker in the log, so records and markers together must
   * be the length of the log, unless transactions were aborted. Undefined for topics of very many partitions.
   */
  transactions: number[] | undefined;
}

/** Transactions take milliseconds; what a dead publisher left open must not keep readers waiting for a minute. */
const TRANSACTION_TIMEOUT_MS = 20_000;

/** How a job's publishers are opened. */
export function publisherOptions({ replayTopic, output }: ReplayJob): PublisherOptions {
  return {
    transactionalId: publisherName(replayTopic.name),
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
    compression: output.compression,
  };
}

/** What the transactions of a job's publishers write to. */
export function publisherScope({ replayTopic: { name } }: ReplayJob): TransactionScope {
  return { topic: name, groups: [publisherName(name)], records: true };
}

/** A position is metadata of a group offset, which Kafka limits to 4096 bytes. */
const MAX_COUNTED_PARTITIONS = 256;

/** The position of a claim: nothing is out. */
export function positionZero(job: string, fingerprint: string, partitions: number): PublishPosition {
  const transactions = partitions <= MAX_COUNTED_PARTITIONS ? Array.from({ length: partitions }, () => 0) : undefined;
  return { job, fingerprint, published: 0n, lastKey: undefined, transactions };
}

/** The position after one more transaction. */
export function advance(
  position: PublishPosition,
  {
    records,
    repeats = 0,
    lastKey,
    batches,
  }: { records: number; repeats?: number; lastKey: SortKey; batches: readonly { partition: number }[] },
): PublishPosition {
  const written = new Set(batches.map(({ partition }) => partition));
  return {
    ...position,
    published: position.published + BigInt(records),
    repeats: repeats === 0 ? position.repeats : (position.repeats ?? 0n) + BigInt(repeats),
    lastKey,
    transactions: position.transactions?.map((count, partition) => (written.has(partition) ? count + 1 : count)),
  };
}

/** Group of the position, and transactional id of the publishers: one for each replay topic, so that they fence. */
export function publisherName(topic: string): string {
  return `rewind.${topic}`;
}

export function encodePosition(topic: string, position: PublishPosition): GroupOffsets {
  const { job, fingerprint, published, repeats, lastKey, transactions } = position;
  const key = lastKey === undefined ? null : formatSortKey(lastKey);
  const metadata = JSON.stringify({ rewind: 1, job, fingerprint, key, repeats: repeats?.toString(), transactions });
  return { group: publisherName(topic), topic, offsets: [{ partition: 0, offset: published, metadata }] };
}

/** The position that is committed for a replay topic, whosever it is; undefined if there is none. */
export async function readPosition(
  kafka: KafkaConnection,
  topic: string,
  options?: DescribeGroupOptions,
): Promise<PublishPosition | undefined> {
  const group = await kafka.describeGroup(publisherName(topic), topic, options);
  const entry = group.offsets.find(({ partition }) => partition === 0);
  if (entry === undefined || entry.offset < 0n) return undefined;
  return decodePosition(topic, entry.offset, entry.metadata);
}

function decodePosition(topic: string, published: bigint, metadata: string): PublishPosition {
  try {
    const { rewind, job, fingerprint, key, repeats, transactions } = JSON.parse(metadata) as Record<string, unknown>;
    if (rewind === 1 && typeof job === 'string' && typeof fingerprint === 'string')
      return {
        job,
        fingerprint,
        published,
        ...(typeof repeats === 'string' && { repeats: BigInt(repeats) }),
        lastKey: typeof key === 'string' ? parseSortKey(key) : undefined,
        transactions: Array.isArray(transactions) ? (transactions as number[]) : undefined,
      };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new JobError(
    'position-foreign',
    `The group ${publisherName(topic)} has an offset that no replay wrote (metadata ${JSON.stringify(metadata.slice(0, 100))}). Delete the group, or use another replay topic.`,
    { topic, group: publisherName(topic) },
  );
}

/** Throws unless a position (if there is one) belongs to this job and to this very sequence. */
export function assertOwn(
  topic: string,
  position: PublishPosition | undefined,
  job: string,
  fingerprint: string,
): void {
  if (position === undefined) return;
  if (position.job !== job)
    throw new JobError(
      'replay-topic-claimed',
      `The replay topic ${topic} belongs to the job ${position.job}, which has published ${position.published} records. Let it finish; or where it has ended take it up: rewind resume ${workflowOfJob(position.job).workflowId} (with --job JOB.json where something is changed), or where that id has had another job since, start one with "takeUp": "${position.job}"; use another replayTopic; or delete the topic and the group ${publisherName(topic)}.`,
      { topic, owner: position.job, published: position.published },
    );
  if (position.fingerprint !== fingerprint)
    throw new JobError(
      'position-foreign',
      `The replay topic ${topic} holds ${position.published} records of this job in another sequence (fingerprint ${position.fingerprint.slice(0, 12)}, now ${fingerprint.slice(0, 12)}): the archive or the settings are not what they were. Replay into a new topic.`,
      { topic, published: position.published },
    );
}

/** The error about a position that is not where its key stands in the sequence. */
export function positionForeign(topic: string, published: bigint, before: number): JobError {
  return new JobError(
    'position-foreign',
    `The committed position in ${topic} says ${published} records, and ${before} records of the sequence stand up to its last key: it belongs to another sequence. Replay into a new topic.`,
    { published, before },
  );
}
