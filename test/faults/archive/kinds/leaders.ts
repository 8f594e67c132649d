import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaServerName } from '../../../../scripts/stack/kafka-broker.ts';
import type { ArchiveFault } from '../archive-fault.ts';
import { assign, placed, untilLed, type Placed } from './placement.ts';
import { UNCLEAN } from './unclean.ts';

const STEPS = ['planArchive', 'pullArchive', 'decideArchive'] as const;

export const LEADERS: readonly ArchiveFault[] = [
  {
    name: 'leaders.moved',
    brokers: 3,
    steps: STEPS,
    async strike({ archive, source }, draws) {
      const topic = draws.pick(source.names);
      const before = await placed(archive, topic);
      const others = ({ replicas, leader }: Placed): number[] => replicas.filter((node) => node !== leader);
      await assign(archive, topic, before, others);
      const old = new Map(before.map(({ partition, leader }) => [partition, leader]));
      await untilLed(archive, topic, (node, partition) => node !== old.get(partition));
      await assign(archive, topic, before, (of) => [...others(of), of.leader]);
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
  UNCLEAN,
];
