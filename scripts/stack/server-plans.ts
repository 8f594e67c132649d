import { join } from 'node:path';
import { dataNode } from './data-node.ts';
import type { Hadoop } from './hadoop.ts';
import { kafkaBroker, kafkaServerName } from './kafka-broker.ts';
import { nameNode } from './name-node.ts';
import { registryServer } from './registry-server.ts';
import type { ServerPlan } from './server-plan.ts';
import type { StackState } from './stack-state.ts';
import { temporalServer } from './temporal-server.ts';
import { zookeeperServer } from './zookeeper-server.ts';

type PlannedState = Pick<StackState, 'ports' | 'packages' | 'brokers' | 'kafkaClusterId'>;

/** The HDFS of a stack. */
export function hadoopOf(folder: string, { ports, packages }: Pick<PlannedState, 'ports' | 'packages'>): Hadoop {
  const port = (name: string): number => ports[name]!;
  return {
    jars: packages.hadoop,
    folder: join(folder, 'hadoop'),
    ports: {
      namenode: port('namenode'),
      namenodeRpc: port('namenode-rpc'),
      datanode: port('datanode'),
      datanodeTransfer: port('datanode-transfer'),
      datanodeIpc: port('datanode-ipc'),
    },
  };
}

/** The plans of all servers of a stack, from nothing but its state: the same ones whoever asks, whenever. */
export function serverPlans(folder: string, state: PlannedState): ServerPlan[] {
  const port = (name: string): number => state.ports[name]!;
  const hadoop = hadoopOf(folder, state);
  const nodeIds = Array.from({ length: state.brokers }, (_, index) => index + 1);
  return [
    temporalServer({
      command: state.packages.temporal,
      folder,
      port: port('temporal'),
      uiPort: port('temporal-ui'),
    }),
    ...nodeIds.map((nodeId) =>
      kafkaBroker({
        jars: state.packages.kafka,
        folder: join(folder, kafkaServerName(nodeId)),
        nodeId,
        clusterId: state.kafkaClusterId,
        port: port(kafkaServerName(nodeId)),
        behindProxy: { port: port(`kafka-proxied-${nodeId}`), advertised: port(`kafka-proxy-${nodeId}`) },
        controllerPorts: nodeIds.map((id) => port(id === 1 ? 'kafka-controller' : `kafka-controller-${id}`)),
      }),
    ),
    nameNode(hadoop),
    dataNode(hadoop),
    zookeeperServer({
      jars: state.packages.zookeeper,
      folder: join(folder, 'zookeeper'),
      port: port('zookeeper'),
    }),
    ...(state.packages.registry === undefined
      ? []
      : [registryServer({ folder: state.packages.registry, port: port('registry') })]),
  ];
}
