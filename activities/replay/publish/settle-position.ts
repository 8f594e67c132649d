import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicDescription } from '../../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertOwn, publisherName, readPosition, type PublishPosition } from './publish-position.ts';

/** A coordinator that has just moved may answer with an older offset for a moment. */
const STALE_READS = 10;
const STALE_PAUSE_MS = 300;

/**
 * The position from which a publisher that has just fenced all others goes on. Committed offsets of an idle group
 * expire, a coordinator may answer with a stale one, an unclean leader may have lost records: so it is checked against
 * the records themselves, whose ordinals tell how many there are.
 */
export async function settlePosition(
  kafka: KafkaConnection,
  job: ReplayJob,
  fingerprint: string,
): Promise<PublishPosition> {
  const topic = job.replayTopic.name;
  for (let read = 1; ; read += 1) {
    const position = await readPosition(kafka, topic);
    assertOwn(topic, position, job.id, fingerprint);
    const logged = await assertUntrimmed(kafka, job).then(() => recordsInLog(kafka, job));
    if (position !== undefined && (logged === undefined || logged === position.published)) return position;
    if (position === undefined || read === STALE_READS || (logged ?? 0n) < position.published)
      throw lost(topic, position, logged);
    await sleep(STALE_PAUSE_MS);
  }
}

/** Throws where the replay topic is gone, is another one (by `id`), or has lost records from its beginning. */
export async function assertUntrimmed(kafka: KafkaConnection, job: ReplayJob, id?: string): Promise<TopicDescription> {
  const topic = job.replayTopic.name;
  const description = await kafka.describeTopic(topic);
  if (description === undefined)
    throw new JobError(
      'replay-topic-changed',
      `The replay topic ${topic} was deleted while the job ran. Replay into a new topic.`,
      { topic },
    );
  if (id !== undefined && description.id !== id)
    throw new JobError(
      'replay-topic-changed',
      `The replay topic ${topic} was deleted and created again while the job ran. Replay into a new topic.`,
      { topic, expected: id, found: description.id },
    );
  const trimmed = description.partitions.filter(({ earliest }) => earliest > 0n);
  if (trimmed.length > 0)
    throw new JobError(
      'replay-topic-changed',
      `The replay topic ${topic} has lost its first records while the job ran (${trimmed.map(({ partition, earliest }) => `partition ${partition} begins at offset ${earliest}`).join(', ')}): check its retention, and replay into a new topic.`,
      { topic },
    );
  return description;
}

/** How many records of the sequence the log holds, by the largest ordinal; undefined if records carry none. */
async function recordsInLog(kafka: KafkaConnection, job: ReplayJob): Promise<bigint | undefined> {
  if (!job.output.headers.ordinal) return undefined;
  const records = await kafka.lastCommittedRecords(job.replayTopic.name);
  return records.reduce((most, record) => {
    const ordinal = record?.headers[ORDINAL_HEADER];
    const count = ordinal === undefined ? 0n : BigInt(ordinal.toString('ascii')) + 1n;
    return count > most ? count : most;
  }, 0n);
}

function lost(topic: string, position: PublishPosition | undefined, logged: bigint | undefined): JobError {
  const found =
    position === undefined
      ? `no position is committed in group ${publisherName(topic)}`
      : `the position says ${position.published} records`;
  return new JobError(
    'position-lost',
    `How far the replay into ${topic} got can't be told for certain: ${found}, and the log holds ${logged ?? 'an unknown number'}. Was the group or the topic deleted or re-created, or did the cluster lose records? Replay into a new topic.`,
    { topic, position: position?.published, logged },
  );
}
