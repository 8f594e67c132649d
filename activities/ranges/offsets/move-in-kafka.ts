import type { DescribeGroupOptions } from '../../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { firstTen } from '../../step/first-ten.ts';
import { openSettledPublisher, settleTransactions, type Outcome } from '../../step/settled-publisher.ts';
import { markerGroupOf } from '../../replay/offsets/commit-to-kafka.ts';
import type { MoveStatus } from '../steps.ts';
import { groupActive, offsetsMoved } from './moved-error.ts';
import type { TopicMoves } from './moves-of.ts';

/**
 * Moves the offsets of a group in Kafka: all topics and partitions in one transaction, together with the same offsets of a
 * group that nobody consumes with, by which a retry knows its own commit, even where consumers have moved on since.
 */
export async function moveInKafka(
  kafka: KafkaConnection,
  job: string,
  group: string,
  topics: readonly TopicMoves[],
): Promise<MoveStatus> {
  const moves = topics.filter((each) => each.kafka.length > 0);
  const [first] = moves;
  if (first === undefined) return 'none';
  const marker = markerGroupOf(group);
  const groups = [group, marker];
  const options = { transactionalId: marker };
  const scopeOf = ({ topic }: TopicMoves) => ({ topic, groups, records: false });
  // Both groups are of one transaction: where one has its offsets the other gets them.
  const outcome = async (): Promise<Outcome> => {
    for (const { topic } of moves)
      for (const name of groups) if (await isOurs(kafka, job, name, topic, { pending: 'ignore' })) return 'commit';
    return 'abort';
  };
  for (const each of moves) await settleTransactions(kafka, options, scopeOf(each), outcome);
  if (await isOurs(kafka, job, marker, first.topic)) return 'already';
  await isMovableInKafka(kafka, job, group, moves);
  const publisher = await openSettledPublisher(kafka, options, scopeOf(first), outcome);
  try {
    // Whoever was here before is fenced now: what it committed shows, and it commits no more. This one may have slept since
    // it looked, through the end of its job and the next one.
    if (await isOurs(kafka, job, marker, first.topic)) return 'already';
    await isMovableInKafka(kafka, job, group, moves);
    await publisher.commit({
      batches: [],
      offsets: moves.flatMap(({ topic, topicId, kafka: partitions }) => {
        const offsets = partitions.map(({ partition, next, leaderEpoch }) => {
          // What is undefined is left out.
          const metadata = JSON.stringify({ rewind: 1, job, topicId, leaderEpoch });
          return { partition, offset: next, metadata };
        });
        return groups.map((name) => ({ group: name, topic, offsets }));
      }),
    });
    return 'committed';
  } finally {
    await publisher.close();
  }
}

/**
 * Whether `moveInKafka` has something to do. Throws where that would; changes nothing.
 *
 * @throws JobError 'offsets-moved', 'offsets-group-active'
 */
export async function isMovableInKafka(
  kafka: KafkaConnection,
  job: string,
  group: string,
  topics: readonly TopicMoves[],
): Promise<boolean> {
  let movable = false;
  for (const moves of topics) {
    if (moves.kafka.length === 0) continue;
    if (await isOurs(kafka, job, markerGroupOf(group), moves.topic)) continue;
    const { members, offsets } = await kafka.describeGroup(group, moves.topic);
    const now = new Map(offsets.filter(({ offset }) => offset >= 0n).map((each) => [each.partition, each.offset]));
    const others = moves.kafka
      .filter(({ partition, before }) => now.get(partition) !== before)
      .map(
        ({ partition, before }) =>
          `partition ${partition}: expected ${before ?? 'none'}, found ${now.get(partition) ?? 'none'}`,
      );
    if (others.length > 0) throw offsetsMoved(moves, 'Kafka', firstTen(others));
    if (members > 0) throw groupActive(moves, 'Kafka', `${members} active members`);
    movable = true;
  }
  return movable;
}

async function isOurs(
  kafka: KafkaConnection,
  job: string,
  group: string,
  topic: string,
  options?: DescribeGroupOptions,
): Promise<boolean> {
  const { offsets } = await kafka.describeGroup(group, topic, options);
  return offsets.some(({ metadata }) => jobIn(metadata) === job);
}

function jobIn(metadata: string): string | undefined {
  try {
    const value = JSON.parse(metadata) as { rewind?: unknown; job?: unknown } | null;
    return value?.rewind === 1 && typeof value.job === 'string' ? value.job : undefined;
  } catch {
    // Whoever else commits writes what he likes there.
    return undefined;
  }
}
