import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaServerName } from '../../../scripts/stack/kafka-broker.ts';
import type { ArchiveHarness } from '../../support/archive-harness.ts';
import { assign, placed, untilLed, type Placed } from '../archive/kinds/placement.ts';
import type { AttackedRun } from '../attacked-run.ts';
import type { FaultKind } from '../fault-kind.ts';

/** Topics that a run reads, and what reaches them. */
interface ReadTopics {
  topics: ArchiveHarness;
  names: readonly string[];
}

/** Leaders of what is read move, or die, and nothing of the log is lost. */
export function leaderFaults<Round extends AttackedRun, Step extends string>(
  readBy: (round: Round) => ReadTopics,
  steps: readonly Step[],
): FaultKind<Round, Step>[] {
  return [
    {
      name: 'leaders.moved',
      brokers: 3,
      steps,
      async strike(round, draws) {
        const { topics, names } = readBy(round);
        const topic = draws.pick(names);
        const before = await placed(topics, topic);
        const others = ({ replicas, leader }: Placed): number[] => replicas.filter((node) => node !== leader);
        await assign(topics, topic, before, others);
        const old = new Map(before.map(({ partition, leader }) => [partition, leader]));
        await untilLed(topics, topic, (node, partition) => node !== old.get(partition));
        await assign(topics, topic, before, (of) => [...others(of), of.leader]);
        return `the leaders of ${before.length} partitions of ${topic} were moved to other brokers`;
      },
    },
    {
      name: 'leaders.killed',
      brokers: 3,
      steps,
      async strike(round, draws) {
        const { topics, names } = readBy(round);
        const topic = draws.pick(names);
        const [{ leader } = { leader: 1 }] = await placed(topics, topic);
        const down = draws.between([0, 5_000]);
        const server = round.servers.stack.server(kafkaServerName(leader));
        await server.stop('SIGKILL');
        await untilLed(topics, topic, (node) => node !== leader);
        await sleep(down);
        await server.start();
        return `broker ${leader}, which led ${topic}, was killed, others led, and it came back`;
      },
    },
  ];
}
