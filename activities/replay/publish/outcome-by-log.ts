import { ConnectionError } from '../../../connections/connection-error.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { LogBatch } from '../../../connections/kafka/read/topic-reader.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { Outcome } from '../../step/settled-publisher.ts';
import { assertUntrimmed } from './assert-untrimmed.ts';
import { ordinalOf, ordinalsIn, recordsUpTo } from './ordinal-of.ts';
import { readPosition } from './publish-position.ts';

/**
 * How a transaction was decided to end that hangs in the replay topic or its group and that no coordinator remembers, by
 * what became of its other parts: ordinals rise from transaction to transaction, so where the position or a committed
 * record stands at or behind the first ordinal that hangs, that transaction was committed. Believes no part alone: a
 * transaction that is committed in one partition and aborted in the next would lose records.
 *
 * @param otherwise the outcome where nothing of it is committed anywhere, or records carry no ordinals
 */
export async function outcomeByLog(kafka: KafkaConnection, job: ReplayJob, otherwise: Outcome): Promise<Outcome> {
  if (!job.output.headers.ordinal) return otherwise;
  const topic = job.replayTopic.name;
  const published = (await readPosition(kafka, topic, { pending: 'ignore' }))?.published ?? 0n;
  const committed = recordsUpTo((await kafka.lastCommittedRecords(topic, { open: 'ignore' })).map(ordinalOf));
  const hanging = await firstHanging(kafka, job);
  // Where only the group hangs, its position is that of the last record.
  if (hanging === undefined) return committed > published ? 'commit' : otherwise;
  return published > hanging || committed > hanging ? 'commit' : otherwise;
}

/** The least ordinal behind the last stable offsets; undefined where nothing hangs in the log. */
async function firstHanging(kafka: KafkaConnection, job: ReplayJob): Promise<bigint | undefined> {
  const topic = job.replayTopic.name;
  const { id, partitions } = await assertUntrimmed(kafka, job);
  const asked = [{ topic, partitions: partitions.map(({ partition }) => partition) }];
  let first: bigint | undefined;
  const reader = kafka.openReader();
  try {
    for (const { partition, offset: from, error } of await kafka.listOffsets(asked, 'stable')) {
      if (from === undefined)
        throw new ConnectionError(
          'unavailable',
          `partition ${partition} of topic ${topic} doesn't tell its last stable offset: ${error}`,
          { topic, partition },
        );
      const to = partitions[partition]!.latest;
      if (from >= to) continue;
      // Ordinals rise within a partition: its first one is the least.
      const range = { topic, topicId: id, partition, from, to };
      const ordinal = await firstOrdinal(reader.read(range, { isolation: 'uncommitted' }));
      if (ordinal !== undefined && (first === undefined || ordinal < first)) first = ordinal;
    }
  } finally {
    await reader.close();
  }
  return first;
}

async function firstOrdinal(batches: AsyncIterable<LogBatch>): Promise<bigint | undefined> {
  for await (const batch of batches) for await (const { ordinal } of ordinalsIn(batch)) return ordinal;
  return undefined;
}
