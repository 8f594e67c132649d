import type { Cluster } from '../wire/cluster.ts';
import { describeLogDirs } from '../wire/protocol/log-dirs.ts';
import { byLeader, unreachedOf } from './by-leader.ts';
import type { PartitionSize, TopicPartitions } from './admin-port.ts';

/** `AdminPort.describeSizes`. */
export async function describeSizes(cluster: Cluster, topics: readonly TopicPartitions[]): Promise<PartitionSize[]> {
  const { questions } = await byLeader(cluster, topics);
  const answers = await Promise.all(
    questions.map(async ({ broker, topics: asked }) => {
      try {
        return await broker.call(describeLogDirs, { topics: asked });
      } catch (error) {
        unreachedOf(asked, error); // throws what is wrong with all brokers
        return [];
      }
    }),
  );
  return answers
    .flat()
    .filter(({ future }) => !future) // a copy that is on its way to another disk
    .map(({ topic, partition, bytes }) => ({ topic, partition, bytes }));
}
