import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveHarness } from '../../../support/archive-harness.ts';

const GIVE_UP_MS = 60_000;

export interface Placed {
  partition: number;
  leader: number;
  replicas: readonly number[];
}

export async function placed(archive: ArchiveHarness, topic: string): Promise<Placed[]> {
  const { topics } = await archive.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return (topics[0]?.partitions ?? []).map(({ partitionId, leader, replicas }) => ({
    partition: partitionId,
    leader,
    replicas,
  }));
}

/** Resolves when every partition has a leader that it may have. */
export async function untilLed(
  archive: ArchiveHarness,
  topic: string,
  mayLead: (node: number, partition: number) => boolean,
): Promise<void> {
  for (const end = Date.now() + GIVE_UP_MS; Date.now() < end; await sleep(200)) {
    // kafkajs throws where a partition has no leader at the moment.
    const partitions = await placed(archive, topic).catch(() => []);
    if (partitions.length > 0 && partitions.every(({ leader, partition }) => leader > 0 && mayLead(leader, partition)))
      return;
  }
  throw new Error(`the leaders of ${topic} have not moved in ${GIVE_UP_MS} ms`);
}

/** Moves the copies of every partition; resolves when they are there and in sync. */
export async function assign(
  archive: ArchiveHarness,
  topic: string,
  of: readonly Placed[],
  replicasOf: (of: Placed) => number[],
): Promise<void> {
  const partitionAssignment = of.map((each) => ({ partition: each.partition, replicas: replicasOf(each) }));
  await archive.admin((admin) => admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] }));
}

/** Resolves when every partition's copies in sync are just these brokers. */
export async function untilInSync(archive: ArchiveHarness, topic: string, nodes: readonly number[]): Promise<void> {
  const wanted = [...nodes].sort().join();
  for (const end = Date.now() + GIVE_UP_MS; Date.now() < end; await sleep(200)) {
    const { topics } = await archive
      .admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }))
      .catch(() => ({ topics: [] }));
    const partitions = topics[0]?.partitions ?? [];
    if (partitions.length > 0 && partitions.every(({ isr }) => [...isr].sort().join() === wanted)) return;
  }
  throw new Error(`the copies of ${topic} in sync are not ${wanted} in ${GIVE_UP_MS} ms`);
}
