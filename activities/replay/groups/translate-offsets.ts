import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { RecordCursor, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertUntrimmed } from '../publish/assert-untrimmed.ts';
import { OFFSET_HEADER } from '../record/record-headers.ts';
import type { GroupOffsetsByName } from './stored-groups.ts';

/** Offsets that lie behind the last record of the archive, or in partitions that the replay topic has not. */
export interface TranslatedGroups {
  groups: GroupOffsetsByName;
  /** Of those that became the end of a partition. */
  atEnd: number;
}

/**
 * New offsets for old ones: that of the first committed record in the replay topic whose old offset is the group's or a
 * later one; behind the last, the end of the partition. Reads each partition as far as some group has come, its records
 * by their header `rewind-offset`: markers and aborted records between them make no difference. Memory grows with the
 * offsets that are asked for alone.
 */
export async function translateOffsets(
  kafka: KafkaConnection,
  job: ReplayJob,
  groups: GroupOffsetsByName,
  { signal, progress }: { signal: AbortSignal; progress: (details: Record<string, unknown>) => void },
): Promise<TranslatedGroups> {
  const topic = await assertUntrimmed(kafka, job);
  const wanted = wantedByPartition(groups);
  const found = new Map<number, Map<bigint, bigint>>();
  const ends = new Map(topic.partitions.map(({ partition, latest }) => [partition, latest]));
  const reader = kafka.openReader();
  try {
    for (const [partition, offsets] of wanted) {
      const to = ends.get(partition);
      if (to === undefined) throw unknownPartition(job, partition, topic.partitions.length);
      const range = { topic: topic.topic, topicId: topic.id, partition, from: 0n, to };
      const alive = (): void => progress({ translated: found.size, of: wanted.size });
      found.set(partition, await translatePartition(reader, range, offsets, { signal, alive }));
    }
  } finally {
    await reader.close();
  }
  let atEnd = 0;
  const translated = mapOffsets(groups, (partition, offset) => {
    const at = found.get(partition)?.get(offset);
    if (at === undefined) atEnd += 1;
    return at ?? ends.get(partition)!;
  });
  return { groups: translated, atEnd };
}

/** The new offset of each that some record reaches; `wanted` ascends. */
async function translatePartition(
  reader: TopicReader,
  range: Parameters<TopicReader['read']>[0],
  wanted: readonly bigint[],
  { signal, alive }: { signal: AbortSignal; alive: () => void },
): Promise<Map<bigint, bigint>> {
  const found = new Map<bigint, bigint>();
  let next = 0;
  for await (const batch of reader.read(range, { signal })) {
    alive();
    if (batch.kind !== 'data') continue;
    for await (const run of batch.records())
      while (run.next()) {
        const old = oldOffset(run, range);
        for (; next < wanted.length && wanted[next]! <= old; next += 1) found.set(wanted[next]!, run.offset);
        if (next === wanted.length) return found;
      }
  }
  return found;
}

function oldOffset(record: RecordCursor, { topic, partition }: { topic: string; partition: number }): bigint {
  const text =
    record
      .headers()
      .find(({ name }) => name === OFFSET_HEADER)
      ?.value?.toString('latin1') ?? '';
  if (/^\d{1,19}$/.test(text)) return BigInt(text);
  throw new JobError(
    'replay-topic-changed',
    `The record at offset ${record.offset} of partition ${partition} of the replay topic ${topic} has no header ${OFFSET_HEADER}: expected one on each record, found ${JSON.stringify(text)}. Look who else writes to the topic, and replay into a new one.`,
    { topic, partition, offset: record.offset },
  );
}

function wantedByPartition(groups: GroupOffsetsByName): Map<number, bigint[]> {
  const sets = new Map<number, Set<bigint>>();
  mapOffsets(groups, (partition, offset) => {
    const set = sets.get(partition) ?? new Set<bigint>();
    sets.set(partition, set.add(offset));
    return offset;
  });
  const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
  return new Map([...sets].map(([partition, set]) => [partition, [...set].sort(ascending)]));
}

function mapOffsets(groups: GroupOffsetsByName, to: (partition: number, offset: bigint) => bigint): GroupOffsetsByName {
  return Object.fromEntries(
    Object.entries(groups).map(([group, offsets]) => [
      group,
      Object.fromEntries(
        Object.entries(offsets).map(([partition, offset]) => [
          partition,
          to(Number(partition), BigInt(offset)).toString(),
        ]),
      ),
    ]),
  );
}

function unknownPartition({ replayTopic }: ReplayJob, partition: number, partitions: number): JobError {
  return new JobError(
    'replay-topic-partitions',
    `A group has an offset of partition ${partition}, and the replay topic ${replayTopic.name} has ${partitions} partitions. Set output.partitionCount to ${partition + 1} or more, and replay into a new topic.`,
    { partition, partitions },
  );
}
