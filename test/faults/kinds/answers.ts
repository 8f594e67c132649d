import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaServerName } from '../../../scripts/stack/kafka-broker.ts';
import type { FaultKind } from '../fault-kind.ts';
import type { FaultRound } from '../fault-round.ts';

/** Beyond the session of a broker (5 s in the stack), after which others lead its partitions, and short of it. */
const BROKER_AWAY_MS = [2_000, 12_000] as const;
/** The publishers' time-out, and how often brokers look for transactions beyond theirs (10 s). */
const TRANSACTION_IS_ABORTED_AFTER_MS = 32_000;
const SAFE_MODE_MS = [500, 6_000] as const;

/** Number of the broker that leads a partition. */
async function leaderOf({ harness }: FaultRound, topic: string, partition: number): Promise<number> {
  const { topics } = await harness.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
  if (found === undefined || found.leader < 1) throw new Error(`partition ${partition} of ${topic} has no leader`);
  return found.leader;
}

/** Java's `String.hashCode`, by which Kafka finds the partition of an id among those of its coordinators' topic. */
function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash & 0x7fffffff;
}

async function coordinatorOf(round: FaultRound, topic: string, id: string): Promise<number> {
  const { topics } = await round.harness.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return leaderOf(round, topic, javaHash(id) % topics[0]!.partitions.length);
}

/** Until the session of a dead broker is over nobody leads its partitions. */
async function endIfAnyoneLeads({ watch }: FaultRound): Promise<bigint | undefined> {
  return watch.logEnd().catch(() => undefined);
}

/** A broker of three is away for a while; tells how far the replay came without it. */
async function withoutBroker(
  round: FaultRound,
  nodeId: number,
  signal: NodeJS.Signals,
  awayMs: number,
): Promise<string> {
  const server = round.servers.stack.server(kafkaServerName(nodeId));
  await server.stop(signal);
  await sleep(awayMs / 2);
  const before = await endIfAnyoneLeads(round);
  await sleep(awayMs / 2);
  const after = await endIfAnyoneLeads(round);
  await server.start();
  const wentOn = before !== undefined && after !== undefined ? `, and the log grew by ${after - before} meanwhile` : '';
  return `broker ${nodeId} was ended by ${signal} for ${awayMs} ms${wentOn}`;
}

function leaderEnds(name: string, signal: NodeJS.Signals): FaultKind {
  return {
    name,
    brokers: 3,
    steps: ['mergePublish', 'verifyReplay'],
    async strike(round, draws) {
      const leader = await leaderOf(round, round.input.replayTopic, 0);
      return `leader: ${await withoutBroker(round, leader, signal, draws.between(BROKER_AWAY_MS))}`;
    },
  };
}

export const ANSWERS: readonly FaultKind[] = [
  leaderEnds('answers.kafka-leader-dies', 'SIGKILL'),
  // A broker that is asked to end hands its partitions over first.
  leaderEnds('answers.kafka-leader-moves', 'SIGTERM'),
  {
    name: 'answers.kafka-transaction-coordinator-dies',
    brokers: 3,
    steps: ['mergePublish'],
    async strike(round, draws) {
      const id = `rewind.${round.input.replayTopic}`;
      const coordinator = await coordinatorOf(round, '__transaction_state', id);
      const did = await withoutBroker(round, coordinator, 'SIGKILL', draws.between(BROKER_AWAY_MS));
      return `coordinator of transactions: ${did}`;
    },
  },
  {
    name: 'answers.kafka-group-coordinator-dies',
    brokers: 3,
    steps: ['mergePublish', 'commitOffsets'],
    async strike(round, draws) {
      const group = draws.pick([`rewind.${round.input.replayTopic}`, round.input.offsets.group]);
      const coordinator = await coordinatorOf(round, '__consumer_offsets', group);
      const did = await withoutBroker(round, coordinator, 'SIGKILL', draws.between(BROKER_AWAY_MS));
      return `coordinator of group ${group}: ${did}`;
    },
  },
  {
    name: 'answers.kafka-transaction-times-out',
    steps: ['mergePublish'],
    async strike(round) {
      const worker = await round.aWorker();
      for (const other of round.workers) if (other !== worker) await other.end('SIGTERM');
      if (!(await round.watch.stopInTransaction(worker))) return 'no transaction was seen open';
      await sleep(TRANSACTION_IS_ABORTED_AFTER_MS);
      worker.signal('SIGCONT');
      return `the worker slept for ${TRANSACTION_IS_ABORTED_AFTER_MS} ms in mid transaction, which Kafka aborted`;
    },
  },
  {
    name: 'answers.namenode-safe-mode',
    steps: ['decodeAndSort', 'catalogueSorted', 'mergePass', 'mergePublish', 'cleanStaging'],
    async strike({ servers }, draws) {
      const lasts = draws.between(SAFE_MODE_MS);
      await servers.stack.hdfsAdmin('-safemode', 'enter');
      await sleep(lasts);
      await servers.stack.hdfsAdmin('-safemode', 'leave');
      return `the NameNode was in safe mode for ${lasts} ms, and took no writes`;
    },
  },
];
