import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../wire/broker.ts';
import type { Cluster } from '../wire/cluster.ts';
import { errorCode } from '../wire/error-codes.ts';
import type { PartitionOffset, TopicPartitions } from './admin-port.ts';
import { byLeader, unreachedOf } from './by-leader.ts';

/** Leaders that move are looked up anew; what takes longer than this is told of the partition. */
const PAUSES_MS = [100, 300, 1_000];

/** Asks the leaders of partitions, each for all that it leads; what fails for a partition is asked again, then told. */
export async function ofLeaders(
  cluster: Cluster,
  topics: readonly TopicPartitions[],
  askBroker: (broker: Broker, topics: readonly TopicPartitions[]) => Promise<PartitionOffset[]>,
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
    const { questions, unreached } = await byLeader(cluster, missing);
    const answers = await Promise.all(
      questions.map(({ broker, topics: asked }) =>
        askBroker(broker, asked).catch((error: unknown) => unreachedOf(asked, error)),
      ),
    );
    for (const answer of [...unreached, ...answers.flat()]) found.set(`${answer.topic}/${answer.partition}`, answer);
  }
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map(
      (partition) => found.get(`${topic}/${partition}`) ?? { topic, partition, error: errorCode(-1).name },
    ),
  );
}
