import { ConnectionError } from '../connections/connection-error.ts';
import type { KafkaConnection, TopicDescription } from '../connections/kafka/replay-log.ts';
import type { Dependencies } from './dependencies.ts';
import { JobError } from './job/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { assertOwn, encodePosition, positionZero, publisherOptions, readPosition } from './publish/publish-position.ts';
import { maxMessageBytes, olderBrokerSettings, replayTopicSettings, unsafeSettings } from './publish/topic-settings.ts';
import type { StepContext } from './run-step.ts';
import type { ClaimInput, ReplayTopicClaim } from './steps.ts';

/**
 * Makes sure that the replay topic is this job's alone: creates it or checks that it is empty and would keep every
 * record, then writes the claim: a position of 0 with the job's name, in a transaction under the topic's
 * transactional id. Of two jobs that come at once the second is refused by what the first wrote.
 */
export function claimReplayTopic(deps: Dependencies) {
  return async ({ job, listing }: ClaimInput, { signal }: StepContext): Promise<ReplayTopicClaim> => {
    const kafka = deps.kafka(job.connections.kafka);
    const { name } = job.replayTopic;
    const before = await kafka.describeTopic(name);
    const claim = before === undefined ? undefined : await readPosition(kafka, name, { pending: 'ignore' });
    assertOwn(name, claim, job.id, listing.fingerprint);
    if (before !== undefined && claim === undefined) refuseForeign(before);
    if (before === undefined) await create(kafka, job, listing.partitions);
    const topic = await kafka.describeTopic(name);
    if (topic === undefined)
      throw new JobError(
        'replay-topic-changed',
        `The replay topic ${name} was deleted while it was claimed. Start the job again.`,
      );
    checkShape(topic, job, listing.partitions);
    signal.throwIfAborted();
    if (claim === undefined) await writeClaim(kafka, job, listing.fingerprint, listing.partitions);
    return {
      topic: name,
      partitions: listing.partitions,
      created: before === undefined,
      maxMessageBytes: maxMessageBytes(topic),
    };
  };
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

/** Throws where a topic has other partitions than the replay needs, or settings that would lose records. */
export function checkShape(topic: TopicDescription, job: ReplayJob, partitions: number): void {
  if (topic.partitions.length !== partitions)
    throw new JobError(
      'replay-topic-partitions',
      `The topic ${topic.topic} has ${topic.partitions.length} partitions, and the replay needs ${partitions} (output.partitions is "${job.output.partitions}"). Let Rewind create the topic, or set output.partitionCount.`,
      { topic: topic.topic, expected: partitions, found: topic.partitions.length },
    );
  const unsafe = unsafeSettings(topic, job);
  if (unsafe.length > 0 && job.replayTopic.unsafeSettings === 'fail')
    throw new JobError(
      'replay-topic-settings',
      `The topic ${topic.topic} has settings that would lose or refuse records: ${unsafe.join('; ')}. Change them, let Rewind create the topic, or set replayTopic.unsafeSettings to "accept".`,
      { topic: topic.topic, unsafe },
    );
}

async function create(kafka: KafkaConnection, job: ReplayJob, partitions: number): Promise<void> {
  const topic = job.replayTopic.name;
  const replicationFactor = job.replayTopic.replicationFactor ?? -1;
  try {
    await kafka.createTopic(topic, { partitions, replicationFactor, settings: replayTopicSettings(job) });
  } catch (error) {
    // Brokers before Kafka 3.6 know one setting for both bounds on timestamps.
    const older = error instanceof ConnectionError && /timestamp\.(before|after)\.max/.test(error.message);
    if (!older) throw error;
    await kafka.createTopic(topic, { partitions, replicationFactor, settings: olderBrokerSettings(job) });
  }
}

async function writeClaim(
  kafka: KafkaConnection,
  job: ReplayJob,
  fingerprint: string,
  partitions: number,
): Promise<void> {
  const topic = job.replayTopic.name;
  // From here on every other publisher of this topic is fenced; who it was shows in what it had written.
  const publisher = await kafka.openPublisher(publisherOptions(job));
  try {
    const meanwhile = await readPosition(kafka, topic);
    assertOwn(topic, meanwhile, job.id, fingerprint);
    if (meanwhile !== undefined) return;
    const position = positionZero(job.id, fingerprint, partitions);
    await publisher.commit({ batches: [], offsets: [encodePosition(topic, position)] });
  } finally {
    await publisher.close();
  }
}
