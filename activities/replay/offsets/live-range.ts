import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { CommittedOffsets } from '../steps.ts';

export interface OffsetsAgainstLive {
  offsets: CommittedOffsets['offsets'];
  remarks: string[];
}

/**
 * Compares each offset to be committed with what the live source topic holds now. Below its earliest record is a real
 * gap, above its end a topic that was re-created: both are errors unless the job only wants to know. What Kafka can't
 * commit at all, since it keeps no offsets of topics and partitions that don't exist, is an error whatever the job wants.
 *
 * @param options `onlyReport`: throws nothing, as nothing is to be committed
 */
export async function compareWithLive(
  kafka: KafkaConnection,
  job: ReplayJob,
  pins: PinnedOffsets,
  options: { onlyReport?: boolean } = {},
): Promise<OffsetsAgainstLive> {
  // Partitions of Kafka 0.7 are those of a node, and its offsets bytes: no live topic can be compared with them.
  if (job.offsets.layout === '0.7')
    return {
      offsets: Object.entries(pins.next).map(([partition, offset]) => ({
        partition,
        offset,
        earliest: undefined,
        latest: undefined,
      })),
      remarks: ['offsets of the layout 0.7 were not compared with the live topic'],
    };
  const source = await kafka.describeTopic(job.topic);
  const wrong: string[] = [];
  const missing: string[] = [];
  let recreated = false;
  const offsets = Object.entries(pins.next).map(([partition, offset]) => {
    const live = source?.partitions.find((candidate) => candidate.partition === Number(partition));
    if (live === undefined) missing.push(partition);
    if (live !== undefined && BigInt(offset) > live.latest) recreated = true;
    const problem = source === undefined ? undefined : problemOf(partition, BigInt(offset), live);
    if (problem !== undefined) wrong.push(problem);
    return { partition, offset, earliest: live?.earliest.toString(), latest: live?.latest.toString() };
  });
  if (source === undefined) wrong.unshift(`the source topic ${job.topic} does not exist`);
  for (const { partition, latest } of source?.partitions ?? [])
    if (!(String(partition) in pins.next) && latest > 0n)
      wrong.push(`partition ${partition} of the live topic has records and no offset in the history`);
  const impossible = job.offsets.kafka && missing.length > 0;
  const onlyReport = options.onlyReport ?? (job.offsets.outsideLiveRange === 'report' && !impossible);
  if (wrong.length > 0 && !onlyReport)
    throw new JobError(
      source === undefined ? 'source-topic-missing' : 'offsets-outside-live-range',
      `A consumer could not go on from the archive's offsets without a gap or an overlap: ${wrong.slice(0, 20).join('; ')}. Nothing was committed. ${remedyOf({ impossible, recreated })}`,
      { topic: job.topic, wrong: wrong.slice(0, 100) },
    );
  return { offsets, remarks: wrong };
}

function remedyOf({ impossible, recreated }: { impossible: boolean; recreated: boolean }): string {
  if (impossible)
    return 'Kafka keeps no offsets of topics and partitions that do not exist: create them as they were, or set offsets.kafka to false, or leave offsets.group out.';
  if (recreated)
    return 'If the topic was re-created, no offset of the old one means anything in it: leave offsets.group out, drain the replay, and start the group at the beginning of the new topic (docs/runbook.md, "When the topic was re-created"). If it was not, offsets.outsideLiveRange "report" commits them all the same.';
  return 'Set offsets.outsideLiveRange to "report" to commit them all the same.';
}

function problemOf(
  partition: string,
  offset: bigint,
  live: { earliest: bigint; latest: bigint } | undefined,
): string | undefined {
  if (live === undefined) return `partition ${partition} (offset ${offset}) is not in the live topic`;
  if (offset < live.earliest)
    return `partition ${partition}: offsets ${offset} to ${live.earliest - 1n} are neither in the archive nor in the live topic, which begins at ${live.earliest}`;
  if (offset > live.latest)
    return `partition ${partition}: offset ${offset} is beyond the live topic's end ${live.latest}; was the topic re-created?`;
  return undefined;
}
