import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import { ConnectionError } from '../../connections/connection-error.ts';
import type { Dependencies } from '../dependencies.ts';
import { commitToKafka } from '../replay/offsets/commit-to-kafka.ts';
import { LISTED_PARTITIONS } from '../replay/steps.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import { JobError } from '../step/job-error.ts';
import { reachServers, whileReaching } from '../step/reach-servers.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseDrainInput, type ParsedDrainInput } from './drain-input.ts';
import type { DrainReport, LiveOffsets } from './drain-report.ts';
import { drainedPartitions, lostToGroup } from './drained-partitions.ts';
import { liveOffsets } from './live-offsets.ts';
import { waitingGroup, waitingWarnings } from './waiting-group.ts';

/**
 * Tells how far a group is with a replay topic; and, where it is asked to and the topic is drained, commits the offsets
 * at which the group goes on in the live one. Changes nothing else.
 */
export function lookAtDrain(deps: Dependencies) {
  return async (input: unknown, context: StepContext): Promise<DrainReport> => {
    const wish = parseDrainInput(input);
    const { kafka: name } = wish.connections;
    await reachServers(deps, { kafka: { name, topic: wish.replayTopic } }, context);
    return whileReaching(deps, context, () => look(deps.kafka(name), wish));
  };
}

async function look(kafka: KafkaConnection, wish: ParsedDrainInput): Promise<DrainReport> {
  const { replayTopic, group, unfinished } = wish;
  const topic = await kafka.describeTopic(replayTopic);
  if (topic === undefined)
    throw new JobError(
      'replay-topic-changed',
      `The replay topic ${replayTopic} does not exist: nothing can be drained from it. It was deleted, or the name is another one; rewind result has it.`,
      { topic: replayTopic },
    );
  const described = await kafka.describeGroup(group, replayTopic);
  const last = await kafka.lastCommittedRecords(replayTopic, { open: 'ignore' });
  const all = drainedPartitions(topic, last, described);
  const drained = all.every((each) => each.drained);
  const live = wish.live && (await liveOffsets(kafka, group, wish.live));
  const retentionMinutes = await retentionOfOffsets(kafka);
  const waiting = wish.live && (await waitingGroup(kafka, wish.live, retentionMinutes));
  const warnings = [
    ...lostToGroup(topic, described),
    ...(described.offsets.length === 0
      ? [`${group} has no offset of ${replayTopic}: it has not begun, or Kafka has forgotten its offsets`]
      : []),
    ...expiry(group, described.members, retentionMinutes),
    ...waitingWarnings(waiting, Date.now(), retentionMinutes),
  ];
  return {
    replayTopic,
    group,
    at: new Date().toISOString(),
    unfinished,
    drained,
    members: described.members,
    left: String(all.reduce((sum, { left }) => sum + BigInt(left), 0n)),
    partitions: all.toSorted((a, b) => Number(a.drained) - Number(b.drained)).slice(0, LISTED_PARTITIONS),
    morePartitions: Math.max(0, all.length - LISTED_PARTITIONS),
    retentionMinutes,
    live: live && wish.commit ? await switchOver(kafka, wish, live, drained) : live,
    waiting,
    warnings: boundedRemarks(warnings),
  };
}

/** Undefined where the login may not ask. */
async function retentionOfOffsets(kafka: KafkaConnection): Promise<number | undefined> {
  try {
    const minutes = Number((await kafka.brokerSettings())['offsets.retention.minutes']);
    return Number.isFinite(minutes) ? minutes : undefined;
  } catch (error) {
    if (error instanceof ConnectionError && error.fault === 'denied') return undefined;
    throw error;
  }
}

function expiry(group: string, members: number, minutes: number | undefined): string[] {
  if (members > 0) return [];
  const kept =
    minutes === undefined
      ? 'offsets.retention.minutes (7 days unless the brokers say otherwise)'
      : `${minutes} minutes (offsets.retention.minutes)`;
  return [
    `no consumer is in ${group}: Kafka forgets its offsets ${kept} after the last one left, and it would begin anew`,
  ];
}

/** @throws JobError 'offsets-group-active', 'offsets-outside-live-range' where the group can't be moved */
async function switchOver(
  kafka: KafkaConnection,
  { group, live, unfinished, replayTopic }: ParsedDrainInput,
  found: LiveOffsets,
  drained: boolean,
): Promise<LiveOffsets> {
  // What is not over, or was done before, is no error: the report says how it stands.
  if (live === undefined || unfinished || !drained || found.switched) return { ...found, commit: 'none' };
  if (found.problems.length > 0)
    throw new JobError(
      'offsets-outside-live-range',
      `${group} has drained ${replayTopic}, and can't go on in ${live.topic}: ${found.problems.slice(0, 10).join('; ')}. Nothing was committed.`,
      { topic: live.topic, group },
    );
  const job = { id: `drain ${live.job}`, topic: live.topic, offsets: { existing: 'overwrite' as const } };
  const next = Object.fromEntries(live.offsets.map(({ partition, offset }) => [String(partition), offset]));
  const { status } = await commitToKafka(kafka, job, group, { next });
  return { ...(await liveOffsets(kafka, group, live)), commit: status };
}
