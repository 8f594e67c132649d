import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaServerName } from '../../../../scripts/stack/kafka-broker.ts';
import type { ArchiveHarness } from '../../../support/archive-harness.ts';
import type { ArchiveFault } from '../archive-fault.ts';

const STEPS = ['planArchive', 'pullArchive', 'decideArchive'] as const;
const GIVE_UP_MS = 60_000;

interface Placed {
  partition: number;
  leader: number;
  replicas: readonly number[];
}

async function placed(archive: ArchiveHarness, topic: string): Promise<Placed[]> {
  const { topics } = await archive.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return (topics[0]?.partitions ?? []).map(({ partitionId, leader, replicas }) => ({
    partition: partitionId,
    leader,
    replicas,
  }));
}

/** Resolves when every partition has a leader that it may have. */
async function untilLed(
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

export const LEADERS: readonly ArchiveFault[] = [
  {
    name: 'leaders.moved',
    brokers: 3,
    steps: STEPS,
    async strike({ archive, source }, draws) {
      const topic = draws.pick(source.names);
      const before = await placed(archive, topic);
      const assign = (replicasOf: (of: Placed) => number[]): Promise<void> =>
        archive.admin((admin) =>
          admin.alterPartitionReassignments({
            topics: [
              {
                topic,
                partitionAssignment: before.map((of) => ({ partition: of.partition, replicas: replicasOf(of) })),
              },
            ],
          }),
        );
      const others = ({ replicas, leader }: Placed): number[] => replicas.filter((node) => node !== leader);
      await assign(others);
      const old = new Map(before.map(({ partition, leader }) => [partition, leader]));
      await untilLed(archive, topic, (node, partition) => node !== old.get(partition));
      await assign((of) => [...others(of), of.leader]);
      return `the leaders of ${before.length} partitions of ${topic} were moved to other brokers`;
    },
  },
  {
    name: 'leaders.killed',
    brokers: 3,
    steps: STEPS,
    async strike({ servers, archive, source }, draws) {
      const topic = draws.pick(source.names);
      const [{ leader } = { leader: 1 }] = await placed(archive, topic);
      const down = draws.between([0, 5_000]);
      const server = servers.stack.server(kafkaServerName(leader));
      await server.stop('SIGKILL');
      await untilLed(archive, topic, (node) => node !== leader);
      await sleep(down);
      await server.start();
      return `broker ${leader}, which led ${topic}, was killed, others led, and it came back`;
    },
  },
];
