import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { RecordCursor, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertUntrimmed } from '../publish/assert-untrimmed.ts';
import { OFFSET_HEADER } from '../record/record-headers.ts';
import type { StagedParts } from '../../step/staged-parts.ts';
import { FoundOffsets } from './found-offsets.ts';
import type { GroupOffsetsByName } from './stored-groups.ts';
import type { TranslatedPart } from './translated-part.ts';

/** Offsets that lie behind the last record of the archive, or in partitions that the replay topic has not. */
export interface TranslatedGroups {
  groups: GroupOffsetsByName;
  /** Of those that became the end of a partition. */
  atEnd: number;
}

/** Records that are read anew at most after an attempt has died, unless there would be more parts than so many. */
const PART_RECORDS = 2_000_000n;
const MOST_PARTS = 250n;

export interface Translating {
  signal: AbortSignal;
  progress: (details: Record<string, unknown>) => void;
  parts: StagedParts<TranslatedPart>;
  /** @default 2,000,000 */
  partRecords?: bigint;
}

/**
 * New offsets for old ones: that of the first committed record in the replay topic whose old offset is the group's or a
 * later one; behind the last, the end of the partition. Reads each partition as far as some group has come, its records
 * by their header `rewind-offset`: markers and aborted records between them make no difference. Memory grows with the
 * offsets that are asked for alone. What is found is put in place from time to time, and gone on from.
 */
export async function translateOffsets(
  kafka: KafkaConnection,
  job: ReplayJob,
  groups: GroupOffsetsByName,
  { signal, progress, parts, partRecords = PART_RECORDS }: Translating,
): Promise<TranslatedGroups> {
  const topic = await assertUntrimmed(kafka, job);
  const wanted = wantedByPartition(groups);
  const ends = new Map(topic.partitions.map(({ partition, latest }) => [partition, latest]));
  const found = new FoundOffsets(topic.id ?? '', (await parts.newest(signal))?.part);
  const all = topic.partitions.reduce((sum, { latest }) => sum + latest, 0n);
  const every = all / MOST_PARTS > partRecords ? all / MOST_PARTS : partRecords;
  let read = 0n;
  const reader = kafka.openReader();
  try {
    for (const [partition, offsets] of wanted) {
      const to = ends.get(partition);
      if (to === undefined) throw unknownPartition(job, partition, topic.partitions.length);
      const from = found.begin(partition);
      if (from === undefined) continue;
      const range = { topic: topic.topic, topicId: topic.id, partition, from, to };
      const passed = async (records: bigint): Promise<void> => {
        progress({ translated: found.done, of: wanted.size });
        read += records;
        if (read < every) return;
        read = 0n;
        await parts.put(found.part(), signal);
      };
      await translatePartition(reader, range, offsets, { signal, found, passed });
      found.end(partition);
    }
  } finally {
    await reader.close();
  }
  let atEnd = 0;
  const translated = mapOffsets(groups, (partition, offset) => {
    const at = found.of(partition, offset);
    if (at === undefined) atEnd += 1;
    return at ?? ends.get(partition)!;
  });
  return { groups: translated, atEnd };
}

/** Finds the new offset of each that some record reaches; `wanted` ascends. */
async function translatePartition(
  reader: TopicReader,
  range: Parameters<TopicReader['read']>[0],
  wanted: readonly bigint[],
  { signal, found, passed }: { signal: AbortSignal; found: FoundOffsets; passed: (records: bigint) => Promise<void> },
): Promise<void> {
  const { partition } = range;
  // They are found in their order.
  let next = wanted.findIndex((offset) => found.of(partition, offset) === undefined);
  if (next < 0) return;
  for await (const batch of reader.read(range, { signal })) {
    const { nextOffset, count, kind } = batch;
    if (kind === 'data')
      for await (const run of batch.records())
        while (run.next()) {
          const old = oldOffset(run, range);
          for (; next < wanted.length && wanted[next]! <= old; next += 1)
            found.add(partition, wanted[next]!, run.offset);
          if (next === wanted.length) return;
        }
    found.passed(partition, nextOffset);
    await passed(BigInt(count));
  }
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
