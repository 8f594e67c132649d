import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { LogBatch } from '../../../connections/kafka/read/topic-reader.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertUntrimmed } from './assert-untrimmed.ts';
import { ordinalOf, ordinalsIn } from './ordinal-of.ts';
import type { PublishPosition } from './publish-position.ts';
import type { SettledPosition } from './settle-position.ts';

/**
 * Throws where a transaction that the position counts was aborted in some partition: brokers that start can lose a
 * marker, and what then hangs may have been ended another way than the rest. Position and largest ordinal don't show it
 * where another partition holds that one, and the log is as long as it should be; so whatever stands behind the last
 * committed record of a partition is looked at before more is written behind it.
 */
export async function refuseTorn(
  kafka: KafkaConnection,
  job: ReplayJob,
  { position, last }: SettledPosition,
): Promise<void> {
  if (last === undefined) return;
  const topic = await assertUntrimmed(kafka, job);
  const reader = kafka.openReader();
  try {
    for (const { partition, latest } of topic.partitions) {
      const record = last[partition];
      const range = {
        topicId: topic.id,
        topic: topic.topic,
        partition,
        from: record === undefined ? 0n : record.offset + 1n,
        to: latest,
      };
      if (range.to - range.from <= 1n) continue; // the marker of the last record's transaction
      const committed = ordinalOf(record) ?? -1n;
      const isTorn = (ordinal: bigint): boolean => ordinal > committed && ordinal < position.published;
      const torn = await firstAborted(reader.read(range), isTorn);
      if (torn !== undefined) throw refusal(topic.topic, partition, torn, position);
    }
  } finally {
    await reader.close();
  }
}

async function firstAborted(
  batches: AsyncIterable<LogBatch>,
  isMeant: (ordinal: bigint) => boolean,
): Promise<{ offset: bigint; ordinal: bigint } | undefined> {
  for await (const batch of batches)
    if (batch.kind === 'aborted') for await (const found of ordinalsIn(batch)) if (isMeant(found.ordinal)) return found;
  return undefined;
}

function refusal(
  topic: string,
  partition: number,
  { offset, ordinal }: { offset: bigint; ordinal: bigint },
  { published }: PublishPosition,
): JobError {
  return new JobError(
    'position-lost',
    `A transaction was committed in part: the position says that ${published} records are out, and in partition ${partition} of the replay topic ${topic} the one with ordinal ${ordinal}, at offset ${offset}, was aborted. Brokers that were killed and started again lost its end there. Replay into a new topic.`,
    { topic, partition, offset, ordinal, position: published },
  );
}
