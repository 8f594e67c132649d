import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { formatOnce } from './format-once.ts';
import { javaCommand, javaOptions, SIMPLE_LOGGER } from './java.ts';
import { runCommand } from './run-command.ts';
import type { ServerPlan } from './server-plan.ts';
import { quietKafkajs } from './quiet-kafkajs.ts';

/** One broker of a KRaft cluster, which is a controller as well. */
export interface KafkaBroker {
  jars: string;
  folder: string;
  /** 1 for the first one. */
  nodeId: number;
  clusterId: string;
  port: number;
  /**
   * A second listener, and the port under which it tells clients to reach it: who puts a proxy there sees all that a
   * client says to this broker.
   */
  behindProxy: { port: number; advertised: number };
  /** The controllers' ports of all brokers, the first broker's first. */
  controllerPorts: readonly number[];
}

export function kafkaBroker(broker: KafkaBroker): ServerPlan {
  const name = kafkaServerName(broker.nodeId);
  const configuration = join(broker.folder, 'server.properties');
  const logDir = join(broker.folder, 'data');
  const classpath = ['-cp', join(broker.jars, '*')];
  return {
    name,
    command: javaCommand(),
    args: [...javaOptions(512), ...SIMPLE_LOGGER, ...classpath, 'kafka.Kafka', configuration],
    env: {},
    async prepare() {
      mkdirSync(broker.folder, { recursive: true });
      writeFileSync(configuration, serverProperties(broker, logDir));
      const format = ['kafka.tools.StorageTool', 'format', '-t', broker.clusterId, '-c', configuration];
      await formatOnce(broker.folder, logDir, () =>
        runCommand({
          purpose: `format the storage of ${name}`,
          command: javaCommand(),
          args: [...javaOptions(128, true), ...classpath, ...format],
          logFile: join(broker.folder, 'format.log'),
        }),
      );
    },
    async probe() {
      await probeBroker(broker);
    },
  };
}

/** `kafka`, `kafka-2`, `kafka-3`. */
export function kafkaServerName(nodeId: number): string {
  return nodeId === 1 ? 'kafka' : `kafka-${nodeId}`;
}

function serverProperties(broker: KafkaBroker, logDir: string): string {
  const brokers = broker.controllerPorts.length;
  const replicas = Math.min(3, brokers);
  const inSync = Math.max(1, replicas - 1);
  const controllerPort = broker.controllerPorts[broker.nodeId - 1]!;
  const listeners = (proxied: number): string =>
    `PLAINTEXT://127.0.0.1:${broker.port},PROXIED://127.0.0.1:${proxied},CONTROLLER://127.0.0.1:${controllerPort}`;
  const lines = [
    'process.roles=broker,controller',
    `node.id=${broker.nodeId}`,
    `listeners=${listeners(broker.behindProxy.port)}`,
    `advertised.listeners=${listeners(broker.behindProxy.advertised)}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=${broker.controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join()}`,
    `log.dirs=${logDir}`,
    // A default of Kafka's, set here because tests rely on it: they prove that nothing creates a topic by accident.
    'auto.create.topics.enable=true',
    // Records of tests and of the demo are of fixed days: what lies back for more than the seven of the default is deleted
    // at the broker's next look, one every five minutes.
    'log.retention.ms=-1',
    'group.initial.rebalance.delay.ms=0',
    ...['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].flatMap((topic) => [
      `${topic}.num.partitions=5`,
      `${topic}.replication.factor=${replicas}`,
    ]),
    // A topic of which nobody says how many copies it has survives one broker, and is written to meanwhile.
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${inSync}`,
    `transaction.state.log.min.isr=${inSync}`,
    `share.coordinator.state.topic.min.isr=${inSync}`,
    // A killed broker may come back when its session is over: nine seconds by default.
    'broker.session.timeout.ms=5000',
    'broker.heartbeat.interval.ms=1000',
    'num.network.threads=2',
    'num.io.threads=4',
    'log.cleaner.dedupe.buffer.size=16777216',
  ];
  return `${lines.join('\n')}\n`;
}

/** The broker has joined the cluster, every partition has a leader, and the group coordinator answers. */
async function probeBroker(broker: KafkaBroker): Promise<void> {
  quietKafkajs();
  const client = new Kafka({
    brokers: [`127.0.0.1:${broker.port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (!brokers.some((each) => each.port === broker.port)) {
      throw new Error(`the broker is not among the ${brokers.length} that the cluster knows`);
    }
    const { topics } = await admin.fetchTopicMetadata();
    for (const topic of topics) {
      const leaderless = topic.partitions.filter((partition) => partition.leader < 0);
      if (leaderless.length > 0) throw new Error(`${leaderless.length} partitions of ${topic.name} have no leader`);
    }
    // Makes a new cluster create __consumer_offsets, and waits until a restarted one has read it.
    await admin.fetchOffsets({ groupId: 'rewind-stack-probe' });
  } finally {
    await admin.disconnect();
  }
}
