import type { AdminPort, TopicPartitions } from '../../../connections/kafka/admin/admin-port.ts';
import { partitionName } from '../../log/partition-name.ts';
import { partitionSpan, type PartitionSpan, type SpanWords } from '../../log/partition-span.ts';
import type { LivePartition } from '../../log/topic-facts.ts';
import type { RangesJob } from '../job/ranges-job.ts';
import type { GroupOffsets } from './group-offsets.ts';

const WORDS: SpanWords = { who: 'the group', done: 'consumed', told: 'the result tells what is missing' };

/** What is read of a partition for a group: from what it has consumed, and not before `since`, to the stable end. */
export function spanOfGroup(
  live: LivePartition & { knownEnd?: bigint | undefined },
  known: GroupOffsets | undefined,
  topicId: string | undefined,
  since: bigint | undefined,
  job: Pick<RangesJob, 'offsets' | 'gap' | 'recreated'>,
): PartitionSpan {
  const { topic, partition, earliest, stable, latest } = live;
  const consumed = known?.[job.offsets.from].get(partition);
  const idBefore = known?.topicIds.get(partition);
  const otherTopic = idBefore === undefined || topicId === undefined ? undefined : idBefore !== topicId;
  // Offsets before `since` are passed over: where the log is longer, so is what it has lost.
  const passes = since !== undefined && since > earliest && otherTopic !== true;
  const after = (offset: bigint): bigint => (passes && since > offset ? since : offset);
  const stored = consumed === undefined || consumed > latest ? consumed : after(consumed);
  const startsAt = passes || live.startsAt !== undefined ? after(live.startsAt ?? earliest) : undefined;
  // Of what is consumed alone: what is passed over may be lost.
  const lostEnd = job.offsets.from === 'kafka' && live.knownEnd !== undefined && live.knownEnd < (consumed ?? 0n);
  const knownEnd = lostEnd ? live.knownEnd : undefined;
  const facts = { topic, partition, stored, earliest, stable, latest, otherTopic, startsAt, knownEnd };
  const span = partitionSpan(facts, { gap: job.gap, recreated: job.recreated, moveToEnd: [] }, WORDS);
  if (consumed !== undefined && stored !== undefined && stored > consumed)
    span.remarks.push(
      `${partitionName(topic, partition)}: offsets ${consumed} to ${stored - 1n}, which the group has not consumed, are before since, and are passed over`,
    );
  // Of a partition that came since the group has read the topic as well: nobody would miss what is before its start.
  if (known !== undefined && consumed === undefined && span.from > earliest)
    span.remarks.push(
      `${partitionName(topic, partition)}: the group has no offset, and offsets ${earliest} to ${span.from - 1n} are before ${passes && since >= (live.startsAt ?? earliest) ? 'since' : 'start'}, and are passed over`,
    );
  if (since === undefined || since <= span.from || span.from === span.to) return span;
  // Of a topic that was made anew, or whose log is shorter than it was: it is read from its beginning.
  const from = since < span.to ? since : span.to;
  span.remarks.push(
    `${partitionName(topic, partition)}: offsets ${span.from} to ${from - 1n} are before since, and are passed over`,
  );
  return { ...span, from, stays: from };
}

/** The first offset of each partition that is as young as a time, by the partition's name; its stable end where none is. */
export async function sinceOffsets(
  kafka: AdminPort,
  partitions: ReadonlyMap<string, LivePartition>,
  since: string | undefined,
): Promise<ReadonlyMap<string, bigint>> {
  if (since === undefined || partitions.size === 0) return new Map();
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions.values()) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  const asked: TopicPartitions[] = [...topics].map(([topic, numbers]) => ({ topic, partitions: numbers }));
  const found = new Map<string, bigint>();
  for (const { topic, partition, offset, error } of await kafka.listOffsets(asked, {
    time: BigInt(Date.parse(since)),
  })) {
    const name = partitionName(topic, partition);
    if (error !== undefined) throw new Error(`${name}: the leader answered ${error} to a time; trying again`);
    const live = partitions.get(name);
    if (live !== undefined) found.set(name, offset ?? live.stable);
  }
  return found;
}
