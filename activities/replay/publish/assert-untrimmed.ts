import { ConnectionError } from '../../../connections/connection-error.ts';
import type { TopicDescription } from '../../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Throws where the replay topic is gone, is another one (by `id`), or has lost records from its beginning. */
export async function assertUntrimmed(kafka: KafkaConnection, job: ReplayJob, id?: string): Promise<TopicDescription> {
  const topic = job.replayTopic.name;
  const description = await kafka.describeTopic(topic);
  if (description === undefined) throw deleted(topic);
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

/** Does what needs the replay topic; whichever question finds it gone first, the error says that it was deleted. */
export async function whileThere<T>({ replayTopic: { name } }: ReplayJob, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectionError && error.fault === 'not-found' && error.facts.topic === name)
      throw deleted(name);
    throw error;
  }
}

function deleted(topic: string): JobError {
  return new JobError(
    'replay-topic-changed',
    `The replay topic ${topic} was deleted while the job ran. Replay into a new topic.`,
    { topic },
  );
}
