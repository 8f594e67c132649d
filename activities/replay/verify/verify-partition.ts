import type { TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayedPartition } from '../steps.ts';
import { countBatch, emptyTally, type PartitionTally } from './partition-tally.ts';

export interface ExpectedPartition {
  topic: string;
  topicId: string | undefined;
  partition: number;
  /** End of its log. */
  end: bigint;
  /** Records that the sorted files have for it. */
  records: bigint;
  /** Transactions that wrote to it, each of which left a marker; undefined where the position doesn't count them. */
  markers: number | undefined;
  /** Records of the whole sequence. */
  total: bigint;
  /** Whether records carry ordinals. */
  ordinals: boolean;
}

export interface Reading {
  reader: TopicReader;
  signal: AbortSignal;
  /** Called for every batch. */
  progress: (tally: PartitionTally) => void;
}

/**
 * Counts the committed records of a partition from its first offset to its last, by its batches; where anything there
 * is not as an undisturbed replay leaves it, record by record as well. `resumed` is what an earlier attempt counted.
 *
 * @throws JobError `replay-topic-changed` unless it holds what it must
 */
export async function verifyPartition(
  expected: ExpectedPartition,
  reading: Reading,
  resumed?: PartitionTally,
): Promise<ReplayedPartition> {
  const { partition, end, markers, ordinals } = expected;
  let tally = resumed ?? emptyTally(partition, end, false);
  await readOn(tally, expected, reading);
  const disturbed = tally.disturbed.length > 0 || (markers !== undefined && markers !== tally.markers);
  if (disturbed && ordinals && !tally.ordinals) {
    tally = emptyTally(partition, end, true);
    await readOn(tally, expected, reading);
  }
  if (tally.wrong !== undefined || BigInt(tally.records) !== expected.records) throw refusal(tally, expected);
  return {
    partition,
    records: String(tally.records),
    firstOffset: tally.first,
    lastOffset: tally.last,
    aborted: String(tally.aborted),
    abortedRanges: tally.abortedRanges,
  };
}

async function readOn(tally: PartitionTally, expected: ExpectedPartition, reading: Reading): Promise<void> {
  const { topic, topicId, partition, end: to, total } = expected;
  const range = { topic, topicId, partition, from: BigInt(tally.next), to };
  for await (const batch of reading.reader.read(range, { signal: reading.signal })) {
    await countBatch(tally, batch, total);
    reading.progress(tally);
  }
}

function refusal(tally: PartitionTally, expected: ExpectedPartition): JobError {
  const { topic, partition, end, records } = expected;
  const found = [
    `Partition ${partition} of the replay topic ${topic} holds ${tally.records} committed records in its offsets 0 to ${end - 1n}, expected ${records}`,
    ...(tally.wrong === undefined ? [] : [tally.wrong]),
    ...tally.disturbed,
  ];
  return new JobError(
    'replay-topic-changed',
    `${found.join('; ')}. Nothing was committed for the consumers. Look who else writes to the topic or deletes from it, and replay into a new one.`,
    { topic, partition, expected: records, found: tally.records, aborted: tally.aborted },
  );
}
