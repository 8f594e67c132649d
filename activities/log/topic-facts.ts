import type {
  AdminPort,
  OffsetSpec,
  PartitionOffset,
  TopicOverview,
  TopicPartitions,
} from '../../connections/kafka/admin/admin-port.ts';
import { partitionName } from './partition-name.ts';

/** Offsets of a partition as its leader tells them, pinned when the run is planned. */
export interface LivePartition {
  topic: string;
  partition: number;
  leader: string;
  /** `host:port` of it. */
  leaderAddress: string | undefined;
  leaderEpoch: number;
  earliest: bigint;
  stable: bigint;
  latest: bigint;
  /** Where `start` begins, if that is a time; the end where no record is as young. */
  startsAt: bigint | undefined;
  /** Bytes of the log for each of its offsets; undefined where the brokers don't tell. */
  bytesPerOffset: number | undefined;
}

/** Where partitions begin of which nobody knows an offset: `earliest`, `latest`, or a time in ISO-8601. */
export interface Starts {
  start: string;
  /** By topic. */
  startOf: Readonly<Record<string, string>>;
}

export interface LiveTopics {
  partitions: Map<string, LivePartition>;
  /** Why a topic, or a partition of it, can't be read now, by topic. */
  problems: Map<string, string>;
}

/** Topics that are asked about in one round: answers stay small, and progress is seen. */
const TOPICS_AT_ONCE = 200;

/** Asks the leaders of all partitions for their offsets and sizes. What fails for one topic is said of it alone. */
export async function liveTopics(
  kafka: AdminPort,
  topics: readonly TopicOverview[],
  job: Starts,
  progress: (topics: number) => void,
): Promise<LiveTopics> {
  const live: LiveTopics = { partitions: new Map(), problems: new Map() };
  for (let at = 0; at < topics.length; at += TOPICS_AT_ONCE) {
    await addTopics(kafka, topics.slice(at, at + TOPICS_AT_ONCE), job, live);
    progress(Math.min(at + TOPICS_AT_ONCE, topics.length));
  }
  return live;
}

async function addTopics(
  kafka: AdminPort,
  topics: readonly TopicOverview[],
  job: Starts,
  { partitions, problems }: LiveTopics,
): Promise<void> {
  const readable: TopicPartitions[] = [];
  for (const { topic, error, partitions: all } of topics) {
    if (error !== undefined && all.length === 0) {
      problems.set(topic, `${topic} can't be described: ${error}`);
      continue;
    }
    const led = all.filter(({ leader }) => leader >= 0).map(({ partition }) => partition);
    const without = all.length - led.length;
    if (without > 0)
      problems.set(
        topic,
        `${topic}: ${without} of ${all.length} partitions have no leader; they are made up for by the next run. Start the brokers that hold them`,
      );
    readable.push({ topic, partitions: led });
  }
  const epochs = new Map<string, number>();
  const ask = async (at: OffsetSpec, of: readonly TopicPartitions[]): Promise<Map<string, bigint | undefined>> => {
    const answers = of.length === 0 ? [] : await kafka.listOffsets(of, at);
    for (const answer of answers) {
      noteError(answer, problems);
      const { topic, partition, leaderEpoch = -1 } = answer;
      // Of an end it is the newest of the log: that of its leader, who may be another one than was told of the topic.
      if (at === 'stable') epochs.set(partitionName(topic, partition), leaderEpoch);
    }
    return new Map(
      answers
        .filter(({ error }) => error === undefined)
        .map(({ topic, partition, offset }) => [partitionName(topic, partition), offset]),
    );
  };
  // The stable offset is asked for last: whatever the first answers saw as the log's start is not behind it.
  const earliest = await ask('earliest', readable);
  const latest = await ask('latest', readable);
  const stable = await ask('stable', readable);
  const starts = await startOffsets(readable, job, ask);
  const sizes = new Map(
    (await kafka.describeSizes(readable)).map(({ topic, partition, bytes }) => [
      partitionName(topic, partition),
      bytes,
    ]),
  );
  const overviews = new Map(topics.map((overview) => [overview.topic, overview]));
  for (const { topic, partitions: led } of readable)
    for (const partition of led) {
      const name = partitionName(topic, partition);
      const [first, end, last] = [earliest.get(name), stable.get(name), latest.get(name)];
      const seen = overviews.get(topic)?.partitions.find((each) => each.partition === partition);
      if (first === undefined || end === undefined || last === undefined || seen === undefined) continue;
      const bytes = sizes.get(name);
      partitions.set(name, {
        topic,
        partition,
        leader: String(seen.leader),
        leaderAddress: seen.leaderAddress,
        leaderEpoch: Math.max(seen.leaderEpoch, epochs.get(name) ?? -1),
        earliest: first,
        stable: end,
        latest: last > end ? last : end,
        startsAt: starts.get(name),
        bytesPerOffset: bytes === undefined || last <= first ? undefined : Number(bytes) / Number(last - first),
      });
    }
}

/** Offsets at which partitions begin that the history doesn't know, for topics that don't begin at their earliest. */
async function startOffsets(
  topics: readonly TopicPartitions[],
  { start, startOf }: Starts,
  ask: (at: OffsetSpec, of: readonly TopicPartitions[]) => Promise<Map<string, bigint | undefined>>,
): Promise<Map<string, bigint>> {
  const byStart = new Map<string, TopicPartitions[]>();
  for (const of of topics) {
    const at = startOf[of.topic] ?? start;
    byStart.set(at, [...(byStart.get(at) ?? []), of]);
  }
  const starts = new Map<string, bigint>();
  for (const [at, of] of byStart) {
    if (at === 'earliest') continue;
    const ends = await ask('stable', of);
    const found = at === 'latest' ? ends : await ask({ time: BigInt(Date.parse(at)) }, of);
    for (const [name, end] of ends) {
      const offset = found.get(name) ?? end;
      if (offset !== undefined) starts.set(name, offset);
    }
  }
  return starts;
}

function noteError({ topic, partition, error }: PartitionOffset, problems: Map<string, string>): void {
  if (error === undefined || problems.has(topic)) return;
  const what =
    error === 'TOPIC_AUTHORIZATION_FAILED'
      ? 'the login of the worker may not read it: grant READ and DESCRIBE'
      : 'it is made up for by the next run';
  problems.set(topic, `${topic}-${partition}: the leader answered ${error}; ${what}`);
}
