import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { TopicDescription } from '../../../connections/kafka/admin/admin-port.ts';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertOwn, readPosition, type PublishPosition } from './publish-position.ts';
import { olderBrokerSettings, replayTopicSettings, unsafeSettings } from './topic-settings.ts';

/** A replay topic as it is, or as it would be created. */
export interface ReplayTopicLook {
  exists: boolean;
  topic: TopicDescription;
  /** Undefined where the brokers don't tell which they would give it. */
  replicas: number | undefined;
  /** The position that somebody has committed for it. */
  position: PublishPosition | undefined;
}

/**
 * Looks at the replay topic without changing anything. Where there is none, the brokers are asked what would come of
 * creating it: too many replicas, a forbidden setting or a name that collides shows now.
 */
export async function lookAtReplayTopic(
  kafka: KafkaConnection,
  job: ReplayJob,
  partitions = fixedPartitions(job) ?? 1,
): Promise<ReplayTopicLook> {
  const { name } = job.replayTopic;
  const topic = await kafka.describeTopic(name);
  if (topic === undefined) return previewed(kafka, job, partitions);
  const position = await readPosition(kafka, name, { pending: 'ignore' });
  const replicas = Math.min(...topic.partitions.map((partition) => partition.replicas));
  return { exists: true, topic, replicas, position };
}

async function previewed(kafka: KafkaConnection, job: ReplayJob, partitions: number): Promise<ReplayTopicLook> {
  const { name } = job.replayTopic;
  const { replicas, settings } = await newTopic(job, partitions, (wanted) => kafka.previewTopic(name, wanted));
  const topic = {
    topic: name,
    partitions: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      earliest: 0n,
      latest: 0n,
      replicas: replicas ?? Infinity,
    })),
    settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value, inherited: true }])),
  };
  return { exists: false, topic, replicas, position: undefined };
}

/**
 * Creates the replay topic, which a broker has said is not there.
 *
 * @throws ConnectionError 'unavailable' where it is: an attempt before has created it, and that broker hasn't heard of it
 */
export async function createReplayTopic(kafka: KafkaConnection, job: ReplayJob, partitions: number): Promise<void> {
  const { name } = job.replayTopic;
  try {
    await newTopic(job, partitions, (wanted) => kafka.createTopic(name, wanted));
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'exists') throw error;
    throw new ConnectionError(
      'unavailable',
      `topic ${name} is there already, and a broker has just said that it isn't; try again: if it goes on, look at the brokers`,
      { topic: name },
      error,
    );
  }
}

/** Makes a request for the job's new topic, with the settings that the brokers know. */
async function newTopic<T>(
  job: ReplayJob,
  partitions: number,
  request: (wanted: Parameters<KafkaConnection['createTopic']>[1]) => Promise<T>,
): Promise<T> {
  const replicationFactor = job.replayTopic.replicationFactor ?? -1;
  try {
    return await request({ partitions, replicationFactor, settings: replayTopicSettings(job) });
  } catch (error) {
    // Brokers before Kafka 3.6 know one setting for both bounds on timestamps.
    const older = error instanceof ConnectionError && /timestamp\.(before|after)\.max/.test(error.message);
    if (!older) throw error;
    return request({ partitions, replicationFactor, settings: olderBrokerSettings(job) });
  }
}

/** Everything for which a job that has not claimed the topic would be refused; the partitions where they are known. */
export function replayTopicProblems(
  { topic, position }: ReplayTopicLook,
  job: ReplayJob,
  partitions = fixedPartitions(job),
): JobError[] {
  return problemsOf([
    () =>
      position === undefined ? refuseForeign(topic) : assertOwn(topic.topic, position, job.id, position.fingerprint),
    () => partitions !== undefined && checkPartitions(topic, job, partitions),
    () => checkSettings(topic, job),
  ]);
}

function problemsOf(checks: (() => unknown)[]): JobError[] {
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof JobError) return [error];
      throw error;
    }
  });
}

/** Partitions of the replay topic, where the job itself says how many. */
function fixedPartitions({ output }: ReplayJob): number | undefined {
  if (output.partitions === 'one') return 1;
  return output.partitions === 'key' ? output.partitionCount : undefined;
}

/** Throws where a topic has ever held records: they would stand among those of the replay. */
export function refuseForeign(topic: TopicDescription): void {
  const used = topic.partitions.filter(({ latest }) => latest > 0n);
  if (used.length === 0) return;
  const where = used
    .slice(0, 5)
    .map(({ partition, earliest, latest }) => `partition ${partition}: ${earliest} to ${latest}`);
  throw new JobError(
    'replay-topic-foreign',
    `The topic ${topic.topic} has held records that no replay of this job wrote (${where.join(', ')}). Replay into a topic that is new: set replayTopic to another name, or delete and re-create ${topic.topic}.`,
    { topic: topic.topic },
  );
}

/** Throws where a topic has other partitions than the replay needs. */
export function checkPartitions(topic: TopicDescription, job: ReplayJob, partitions: number): void {
  if (topic.partitions.length === partitions) return;
  throw new JobError(
    'replay-topic-partitions',
    `The topic ${topic.topic} has ${topic.partitions.length} partitions, and the replay needs ${partitions} (output.partitions is "${job.output.partitions}"). Let Rewind create the topic, or set output.partitionCount.`,
    { topic: topic.topic, expected: partitions, found: topic.partitions.length },
  );
}

/** Throws where a topic has settings that would lose or refuse records. */
export function checkSettings(topic: TopicDescription, job: ReplayJob): void {
  const unsafe = unsafeSettings(topic, job);
  if (unsafe.length === 0 || job.replayTopic.unsafeSettings === 'accept') return;
  throw new JobError(
    'replay-topic-settings',
    `The topic ${topic.topic} has settings that would lose or refuse records: ${unsafe.join('; ')}. Change them, let Rewind create the topic, or set replayTopic.unsafeSettings to "accept".`,
    { topic: topic.topic, unsafe },
  );
}
