import type { ReplayJob } from '../job/replay-job.ts';
import type { ReplayTopicLook } from '../publish/check-replay-topic.ts';
import { maxMessageBytes, newMaxMessageBytes, replayTopicSettings, unsafeSettings } from '../publish/topic-settings.ts';
import type { PlannedSizes } from './planned-sizes.ts';
import type { PlannedReplayTopic } from './replay-plan.ts';

/** The replay topic as it is, or as it would be created. */
export function plannedTopic(
  { exists, topic, replicas, position }: ReplayTopicLook,
  job: ReplayJob,
  partitions: number,
  { published, estimate, largestRecord }: PlannedSizes,
): PlannedReplayTopic {
  const names = Object.keys(replayTopicSettings(job));
  const settings = names.flatMap((name) => {
    const setting = topic.settings[name];
    return setting === undefined ? [] : [[name, setting.value] as const];
  });
  return {
    name: job.replayTopic.name,
    exists,
    partitions: exists ? topic.partitions.length : partitions,
    replicas,
    settings: Object.fromEntries(settings),
    unsafe: exists ? unsafeSettings(topic, job) : [],
    claimedBy: position && { job: position.job, published: position.published.toString() },
    offsetsUsed: topic.partitions.reduce((sum, { latest }) => sum + latest, 0n).toString(),
    bytes: published.toString(),
    brokerBytes: replicas === undefined ? undefined : (published * BigInt(replicas)).toString(),
    estimate,
    largestRecord,
    maxMessageBytes: exists ? maxMessageBytes(topic) : newMaxMessageBytes(job),
  };
}
