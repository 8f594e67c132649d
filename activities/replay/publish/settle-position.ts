import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { LastRecord } from '../../../connections/kafka/read/read-port.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertUntrimmed } from './assert-untrimmed.ts';
import { ordinalOf, recordsUpTo } from './ordinal-of.ts';
import { assertOwn, publisherName, readPosition, type PublishPosition } from './publish-position.ts';

/** A coordinator that has just moved may answer with an older offset for a moment. */
const STALE_READS = 10;
const STALE_PAUSE_MS = 300;

export interface SettledPosition {
  position: PublishPosition;
  /** The last committed record of each partition; undefined where records carry no ordinals. */
  last: (LastRecord | undefined)[] | undefined;
}

/**
 * The position from which a publisher that has just fenced all others goes on. Committed offsets of an idle group
 * expire, a coordinator may answer with a stale one, an unclean leader may have lost records: so it is checked against
 * the records themselves, whose ordinals tell how many there are.
 */
export async function settlePosition(
  kafka: KafkaConnection,
  job: ReplayJob,
  fingerprint: string,
): Promise<SettledPosition> {
  const topic = job.replayTopic.name;
  for (let read = 1; ; read += 1) {
    const position = await readPosition(kafka, topic);
    assertOwn(topic, position, job.id, fingerprint);
    await assertUntrimmed(kafka, job);
    const last = job.output.headers.ordinal ? await kafka.lastCommittedRecords(topic) : undefined;
    const logged = last === undefined ? undefined : recordsUpTo(last.map(ordinalOf));
    if (position !== undefined && (logged === undefined || logged === position.published)) return { position, last };
    if (position === undefined || read === STALE_READS || (logged ?? 0n) < position.published)
      throw lost(topic, position, logged);
    await sleep(STALE_PAUSE_MS);
  }
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
