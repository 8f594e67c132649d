import type { TopicDescription } from '../../../connections/kafka/admin/admin-port.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Kafka's default for `max.message.bytes`. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
/** Bounds on record times, the older name last. */
const TIMESTAMP_BOUNDS = [
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
  'message.timestamp.difference.max.ms',
];
const FOR_EVER = '9223372036854775807';

/**
 * Settings of a replay topic that is created: all that could delete, refuse or alter what is replayed are set on the
 * topic itself, so that the broker's defaults don't matter. Record times are old: a retention would delete them at once.
 */
export function replayTopicSettings(job: ReplayJob): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'message.timestamp.type': 'CreateTime',
    'message.timestamp.before.max.ms': FOR_EVER,
    'message.timestamp.after.max.ms': FOR_EVER,
    'max.message.bytes': String(newMaxMessageBytes(job)),
    'compression.type': 'producer',
    'unclean.leader.election.enable': 'false',
  };
}

/** The same for brokers that don't know bounds before and after yet. */
export function olderBrokerSettings(job: ReplayJob): Record<string, string> {
  const {
    'message.timestamp.before.max.ms': bound = FOR_EVER,
    'message.timestamp.after.max.ms': _sameBound,
    ...settings
  } = replayTopicSettings(job);
  return { ...settings, 'message.timestamp.difference.max.ms': bound };
}

/** What an existing topic's settings would do to the records; empty if they would keep and accept every one. */
export function unsafeSettings(topic: TopicDescription, job: ReplayJob): string[] {
  const value = (name: string): string | undefined => topic.settings[name]?.value;
  const found: string[] = [];
  const check = (name: string, fine: boolean, consequence: string): void => {
    if (value(name) !== undefined && !fine) found.push(`${name}=${value(name)} (${consequence})`);
  };
  check(
    'cleanup.policy',
    value('cleanup.policy') === 'delete',
    'compaction drops all but the last record of a key: set delete',
  );
  check('retention.ms', value('retention.ms') === '-1', 'old records are deleted as soon as they are replayed: set -1');
  check(
    'retention.bytes',
    value('retention.bytes') === '-1',
    'the first records are deleted while the last are replayed: set -1',
  );
  const appendTime = value('message.timestamp.type') === 'LogAppendTime';
  check(
    'message.timestamp.type',
    !appendTime || job.output.timestamps === 'publish',
    'record times are replaced by the present: set CreateTime',
  );
  if (!appendTime && job.output.timestamps === 'record')
    for (const name of TIMESTAMP_BOUNDS)
      check(
        name,
        BigInt(value(name) ?? FOR_EVER) >= BigInt(FOR_EVER),
        `records of other times are refused: set ${FOR_EVER}`,
      );
  const replicas = Math.min(...topic.partitions.map((partition) => partition.replicas));
  check(
    'min.insync.replicas',
    Number(value('min.insync.replicas')) <= replicas,
    `more than the ${replicas} replicas there are: every write is refused`,
  );
  const segment = value('segment.bytes');
  check(
    'segment.bytes',
    Number(segment) >= maxMessageBytes(topic),
    `less than max.message.bytes=${maxMessageBytes(topic)}: large batches are refused`,
  );
  return found;
}

/** Limit of a topic on one batch of records, in bytes. */
export function maxMessageBytes(topic: TopicDescription): number {
  return Number(topic.settings['max.message.bytes']?.value ?? DEFAULT_MAX_MESSAGE_BYTES);
}

/** The same for one that is created. */
export function newMaxMessageBytes({ replayTopic }: ReplayJob): number {
  return replayTopic.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
}
