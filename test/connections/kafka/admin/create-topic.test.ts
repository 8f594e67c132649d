// A topic is there for whoever asks next when it was created: any broker may be the one that is asked.
import { expect, it } from 'vitest';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import { createTopic } from '../../../../connections/kafka/admin/topics.ts';
import type { Cluster } from '../../../../connections/kafka/wire/cluster.ts';

const UNKNOWN_TOPIC = 3;
const PARTITION = { error: 0, partition: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSync: [1] };

/** @param told - of each broker, what it answers when it is asked for the topic, in turn; the last one stays */
function clusterOf(told: Record<number, (boolean | 'away')[]>): { cluster: Cluster; asked: number[] } {
  const asked: number[] = [];
  const brokers = Object.keys(told).map((id) => ({ nodeId: Number(id), host: 'broker', port: Number(id) }));
  const answer = (knows: boolean): object => ({
    brokers,
    controllerId: 1,
    topics: [{ name: 'new', error: knows ? 0 : UNKNOWN_TOPIC, internal: false, partitions: knows ? [PARTITION] : [] }],
  });
  const cluster = {
    requestTimeoutMs: 1000,
    metadata: async () => answer(true),
    broker: async (id: number) => ({
      call: async ({ name }: { name: string }) => {
        if (name === 'CreateTopics') return { error: 0 };
        if (name === 'ListOffsets') return [{ topic: 'new', partition: 0, error: 0, offset: 0n }];
        asked.push(id);
        const says = told[id]!.length > 1 ? told[id]!.shift()! : told[id]![0]!;
        if (says === 'away') throw new ConnectionError('unavailable', `broker ${id} is away`);
        return answer(says);
      },
    }),
  };
  return { cluster: cluster as unknown as Cluster, asked };
}

const wanted = { partitions: 1, replicationFactor: -1, settings: {} };

it('waits for a broker that has not heard of it yet', async () => {
  const { cluster, asked } = clusterOf({ 1: [true], 2: [false, false, true] });
  await createTopic(cluster, 'new', wanted, 5000);
  expect(asked.filter((id) => id === 2)).toHaveLength(3);
});

it('does not wait for a broker that is away', async () => {
  const { cluster, asked } = clusterOf({ 1: [true], 2: ['away'] });
  await createTopic(cluster, 'new', wanted, 5000);
  expect(asked).toEqual([1, 2]);
});

it('says which broker never heard of it', async () => {
  const { cluster } = clusterOf({ 1: [true], 2: [false] });
  await expect(createTopic(cluster, 'new', wanted, 100)).rejects.toThrow(
    'topic new was created, but not ready after 100 ms: broker 2 has not heard of it; look at the brokers',
  );
});
