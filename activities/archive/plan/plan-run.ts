import { randomUUID } from 'node:crypto';
import type { AdminPort } from '../../../connections/kafka/admin/admin-port.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import type { StoredOffset, StoredOffsets } from '../history/stored-offsets.ts';
import { partitionName } from '../../log/partition-name.ts';
import { cutRanges, groupPulls, type PlannedRange } from '../../log/cut-ranges.ts';
import { endsOfKnownEpochs } from '../../log/epoch-ends.ts';
import { partitionSpan } from '../../log/partition-span.ts';
import type { PlannedSchema } from '../../log/schemas/planned-schema.ts';
import { heldBackRemarks } from './held-back.ts';
import type { PlannedPartition, PlannedPull, RunPlan } from './plan-file.ts';
import { unseenTopics } from './unseen-topics.ts';
import { liveTopics, type LivePartition } from '../../log/topic-facts.ts';
import type { TopicChoice } from '../../log/select-topics.ts';

/** As Camus has it where nothing tells how large records are. */
const UNKNOWN_RECORD_BYTES = 1024;

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;

/** What the history knows when a run is planned. */
export interface KnownHistory {
  predecessor: string | undefined;
  execution: string;
  offsets: StoredOffsets;
  /** Ids of the topics that the offsets are of, by partition, where `rewind.json` tells them. */
  topicIds: ReadonlyMap<string, string>;
  /** Epochs of the leaders when offsets were stored, by partition, where `rewind.json` tells them. */
  epochs: ReadonlyMap<string, number>;
  /** Time up to which topics are archived, in ms since 1970, where `rewind.json` tells it. */
  complete: ReadonlyMap<string, number>;
  /** Whether Rewind wrote the newest execution; else Camus may be about still. */
  ours: boolean;
}

export interface PlannedTopics extends TopicChoice {
  /** Reader's schemas, by topic; none for values without a registry. */
  schemas(topics: readonly string[]): Promise<{ schemas: PlannedSchema[]; problems: Map<string, string> }>;
}

/** Plans a run: everything that it depends on, as values. */
export async function planRun(
  kafka: AdminPort,
  job: ArchiveJob,
  history: KnownHistory,
  topics: PlannedTopics,
  { now, progress }: { now: number; progress: (topics: number) => void },
): Promise<RunPlan> {
  const live = await liveTopics(kafka, topics.taken, job, progress);
  const ends = await endsOfKnownEpochs(kafka, live, history.epochs);
  const problems = new Map(live.problems);
  const ids = new Map(topics.taken.map(({ topic, id }) => [topic, id]));
  const knownTopics = new Set([...history.offsets.values()].map(({ topic }) => topic));
  const remarks: string[] = [];
  const partitions: PlannedPartition[] = [];
  for (const [name, facts] of live.partitions) {
    const planned = plannedPartition(name, { ...facts, knownEnd: ends.get(name) }, history, knownTopics, ids, job);
    remarks.push(...planned.remarks);
    if (planned.partition.problem !== undefined) problems.set(facts.topic, planned.partition.problem);
    partitions.push(planned.partition);
  }
  for (const known of history.offsets.values())
    if (!live.partitions.has(partitionName(known.topic, known.partition))) partitions.push(carriedOver(known, history));
  const unseen = await unseenTopics(kafka, topics, job.topics, knownTopics);
  for (const [topic, problem] of unseen.problems) problems.set(topic, problem);
  remarks.push(...(await heldBackRemarks(kafka, partitions)), ...unseen.remarks);
  partitions.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));

  const wanted = new Set(partitions.filter(({ start, to }) => BigInt(start) < BigInt(to)).map(({ topic }) => topic));
  const pinned = await topics.schemas([...wanted]);
  for (const [topic, problem] of pinned.problems) problems.set(topic, problem);
  const ranges: PlannedRange[] = [];
  for (const partition of partitions) {
    const bytesPerOffset =
      live.partitions.get(partitionName(partition.topic, partition.partition))?.bytesPerOffset ??
      partition.messageSize ??
      UNKNOWN_RECORD_BYTES;
    const span = { ...partition, from: BigInt(partition.start), to: BigInt(partition.to) };
    const behind = BigInt(partition.stable) - span.from;
    if (behind > 0n) partition.lagBytes = Math.round(Number(behind) * bytesPerOffset);
    if (pinned.problems.has(partition.topic)) span.to = span.from;
    const cut = cutRanges(span, bytesPerOffset, limitsOf(job));
    partition.to = String(cut.at(-1)?.to ?? span.from);
    ranges.push(...cut);
  }
  return {
    head: {
      kind: 'head',
      version: 1,
      id: randomUUID(),
      job: job.id,
      ...(history.predecessor !== undefined && { predecessor: history.predecessor }),
      execution: history.execution,
      plannedAt: now,
      ...(job.limits.historicalDays !== undefined && { oldest: job.scheduledAt - job.limits.historicalDays * DAY_MS }),
      // From now, which is pinned here: a run that a worker came to a week late reads what was made meanwhile.
      horizon: now + job.time.horizonDays * DAY_MS,
      remarks: remarks.slice(0, MOST_REMARKS),
      moreRemarks: Math.max(0, remarks.length - MOST_REMARKS),
    },
    schemas: pinned.schemas,
    partitions,
    pulls: pullsOf(ranges, live.partitions, ids, job),
    problems: [...problems].map(([topic, message]) => ({ kind: 'problem', topic, message })),
  };
}

const MOST_REMARKS = 20;

function limitsOf({ limits, ranges }: ArchiveJob): Parameters<typeof cutRanges>[2] {
  // Hours of record time are counted from a partition's first record of the run: by one range, however large.
  if (limits.hours !== undefined) return { ...limits, rangeBytes: Infinity, maxPerPartition: 1 };
  const { rangeMiB, maxPerPartition } = ranges;
  return { records: limits.records, bytes: limits.bytes, rangeBytes: rangeMiB * MIB, maxPerPartition };
}

function pullsOf(
  ranges: readonly PlannedRange[],
  live: ReadonlyMap<string, LivePartition>,
  ids: ReadonlyMap<string, string | undefined>,
  job: ArchiveJob,
): PlannedPull[] {
  return groupPulls(ranges, job.ranges.rangeMiB * MIB).map((pull, number) => ({
    kind: 'pull',
    pull: number,
    ranges: pull.map(({ topic, partition, from, to, bytes }) => ({
      topic,
      ...leaderEpochOf(live.get(partitionName(topic, partition))),
      ...(ids.get(topic) !== undefined && { topicId: ids.get(topic) }),
      partition,
      leader: live.get(partitionName(topic, partition))?.leader ?? '',
      from: String(from),
      to: String(to),
      bytes,
    })),
  }));
}

function leaderEpochOf(live: LivePartition | undefined): { leaderEpoch?: number } {
  return live === undefined || live.leaderEpoch < 0 ? {} : { leaderEpoch: live.leaderEpoch };
}

function plannedPartition(
  name: string,
  facts: LivePartition & { knownEnd: bigint | undefined },
  { offsets, topicIds, epochs }: KnownHistory,
  knownTopics: ReadonlySet<string>,
  ids: ReadonlyMap<string, string | undefined>,
  job: ArchiveJob,
): { partition: PlannedPartition; remarks: string[] } {
  const { topic, partition, leader, leaderAddress } = facts;
  const known = offsets.get(name);
  const [before, now] = [topicIds.get(name), ids.get(topic)];
  const otherTopic = known === undefined || before === undefined || now === undefined ? undefined : before !== now;
  // Of a topic that was archived before, a new partition begins at its earliest: `start` is of the topic, and is over.
  const startsAt = knownTopics.has(topic) ? undefined : facts.startsAt;
  const span = partitionSpan({ ...facts, startsAt, stored: known?.next, otherTopic }, job);
  // A topic that stays as it is keeps the id that its offsets belong to.
  const stays = span.problem !== undefined || (otherTopic === true && job.recreated === 'leave');
  const topicId = stays ? before : now;
  // So does a partition the epoch: of the log that it was read from.
  const read = span.from < span.to || span.stays !== known?.next;
  const leaderEpoch = known === undefined || (read && !stays) ? facts.leaderEpoch : epochs.get(name);
  return {
    remarks: span.remarks,
    partition: {
      kind: 'partition',
      topic,
      partition,
      leader,
      ...(leaderAddress !== undefined && { leaderAddress }),
      ...(topicId !== undefined && { topicId }),
      ...(leaderEpoch !== undefined && { leaderEpoch }),
      ...(known !== undefined && { stored: String(known.next) }),
      earliest: String(facts.earliest),
      start: String(span.from),
      to: String(span.to),
      stable: String(facts.stable),
      latest: String(facts.latest),
      missing: span.missing.map(({ from, to, why }) => ({ from: String(from), to: String(to), why })),
      ...(known?.messageSize !== undefined && { messageSize: known.messageSize }),
      ...(span.problem !== undefined && { problem: span.problem }),
    },
  };
}

/** A partition of the history that isn't read: it stays known, or whoever goes on would begin it at 0. */
function carriedOver(known: StoredOffset, { topicIds, epochs }: KnownHistory): PlannedPartition {
  const next = String(known.next);
  const name = partitionName(known.topic, known.partition);
  const [topicId, leaderEpoch] = [topicIds.get(name), epochs.get(name)];
  return {
    kind: 'partition',
    topic: known.topic,
    partition: known.partition,
    leader: known.leader,
    ...(topicId !== undefined && { topicId }),
    ...(leaderEpoch !== undefined && { leaderEpoch }),
    stored: next,
    start: next,
    to: next,
    stable: next,
    latest: next,
    missing: [],
    ...(known.messageSize !== undefined && { messageSize: known.messageSize }),
  };
}

/** Whether the history would learn nothing from this run: it is not recorded then. */
export function learnsNothing({ partitions, pulls }: RunPlan, known: StoredOffsets): boolean {
  return (
    pulls.length === 0 &&
    partitions.every(
      ({ topic, partition, start }) => known.get(partitionName(topic, partition))?.next === BigInt(start),
    )
  );
}
