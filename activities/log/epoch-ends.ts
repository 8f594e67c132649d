import type { AdminPort, PartitionEpoch } from '../../connections/kafka/admin/admin-port.ts';
import { partitionName } from './partition-name.ts';
import type { LiveTopics } from './topic-facts.ts';

/** Partitions that are asked about in one round. */
const AT_ONCE = 2_000;

/**
 * Where the records of leaders up to a known epoch end now, of partitions that have had another leader since: an offset
 * that was read by then and lies behind that end was lost in an unclean election. What can't be asked leaves the live
 * ones, with a problem of its topic.
 *
 * @param known - epoch of each partition's leader when its offset was stored
 */
export async function endsOfKnownEpochs(
  kafka: Pick<AdminPort, 'epochEnds'>,
  { partitions, problems }: LiveTopics,
  known: ReadonlyMap<string, number>,
): Promise<Map<string, bigint>> {
  const asked: PartitionEpoch[] = [];
  for (const [name, { topic, partition, leaderEpoch }] of partitions) {
    const epoch = known.get(name);
    if (epoch !== undefined && epoch >= 0 && epoch !== leaderEpoch)
      asked.push({ topic, partition, leaderEpoch: epoch });
  }
  const ends = new Map<string, bigint>();
  for (let at = 0; at < asked.length; at += AT_ONCE)
    for (const { topic, partition, offset, error } of await kafka.epochEnds(asked.slice(at, at + AT_ONCE))) {
      const name = partitionName(topic, partition);
      if (offset !== undefined) ends.set(name, offset);
      if (error === undefined) continue;
      partitions.delete(name);
      if (!problems.has(topic))
        problems.set(
          topic,
          `${name}: whether it is the same log still can't be told: the leader answered ${error}; it is made up for by the next run`,
        );
    }
  return ends;
}
