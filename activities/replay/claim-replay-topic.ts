import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { checkPartitions, checkSettings, createReplayTopic, refuseForeign } from './publish/check-replay-topic.ts';
import {
  assertOwn,
  encodePosition,
  positionZero,
  publisherOptions,
  publisherScope,
  readPosition,
} from './publish/publish-position.ts';
import { maxMessageBytes } from './publish/topic-settings.ts';
import { openSettledPublisher } from '../step/settled-publisher.ts';
import type { StepContext } from '../step/run-step.ts';
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
    if (before === undefined) await createReplayTopic(kafka, job, listing.partitions);
    const topic = await kafka.describeTopic(name);
    if (topic === undefined)
      throw new JobError(
        'replay-topic-changed',
        `The replay topic ${name} was deleted while it was claimed. Start the job again.`,
      );
    checkPartitions(topic, job, listing.partitions);
    checkSettings(topic, job);
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

async function writeClaim(
  kafka: KafkaConnection,
  job: ReplayJob,
  fingerprint: string,
  partitions: number,
): Promise<void> {
  const topic = job.replayTopic.name;
  // From here on every other publisher of this topic is fenced; who it was shows in what it had written.
  const publisher = await openSettledPublisher(kafka, publisherOptions(job), publisherScope(job));
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
