import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../wire/cluster.ts';
import { errorCode } from '../wire/error-codes.ts';
import { EARLIEST, LATEST, listOffsets } from '../wire/protocol/offsets.ts';
import type { ListOffsetsAnswer } from '../wire/protocol/offsets.ts';
import { byLeader, unreachedOf } from './by-leader.ts';
import type { OffsetSpec, PartitionOffset, TopicPartitions } from './admin-port.ts';

/** Leaders that move are looked up anew; what takes longer than this is told of the partition. */
const PAUSES_MS = [100, 300, 1_000];

/** `AdminPort.listOffsets`. */
export async function listOffsetsOf(
  cluster: Cluster,
  topics: readonly TopicPartitions[],
  at: OffsetSpec,
): Promise<PartitionOffset[]> {
  const found = new Map<string, PartitionOffset>();
  for (let turn = 0; ; turn++) {
    const missing = topics
      .map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.filter(
          (partition) => found.get(`${topic}/${partition}`)?.error !== undefined || turn === 0,
        ),
      }))
      .filter(({ partitions }) => partitions.length > 0);
    if (missing.length === 0 || turn > PAUSES_MS.length) break;
    if (turn > 0) await sleep(PAUSES_MS[turn - 1]);
    for (const answer of await ask(cluster, missing, at)) found.set(`${answer.topic}/${answer.partition}`, answer);
  }
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map(
      (partition) => found.get(`${topic}/${partition}`) ?? { topic, partition, error: errorCode(-1).name },
    ),
  );
}

async function ask(cluster: Cluster, topics: readonly TopicPartitions[], at: OffsetSpec): Promise<PartitionOffset[]> {
  const { questions, unreached } = await byLeader(cluster, topics);
  const request = { at: timestampOf(at), readCommitted: at === 'stable' };
  const answers = await Promise.all(
    questions.map(async ({ broker, topics: asked }) => {
      try {
        return (await broker.call(listOffsets, { ...request, topics: asked })).map((answer) => offsetOf(answer, at));
      } catch (error) {
        return unreachedOf(asked, error);
      }
    }),
  );
  return [...unreached, ...answers.flat()];
}

function timestampOf(at: OffsetSpec): bigint {
  if (at === 'earliest') return EARLIEST;
  if (at === 'latest' || at === 'stable') return LATEST;
  if (at.time < 0n) throw new RangeError(`offsets by time: expected milliseconds from 0 on, found ${at.time}`);
  return at.time;
}

function offsetOf(answer: ListOffsetsAnswer, at: OffsetSpec): PartitionOffset {
  const { topic, partition, error, offset, timestamp, leaderEpoch } = answer;
  if (error !== 0) return { topic, partition, error: errorCode(error).name };
  return {
    topic,
    partition,
    ...(offset >= 0n ? { offset } : {}),
    ...(typeof at === 'object' && offset >= 0n ? { timestamp } : {}),
    ...(leaderEpoch >= 0 ? { leaderEpoch } : {}),
  };
}
