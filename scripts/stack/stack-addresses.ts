import { HDFS_USER } from './hadoop.ts';
import type { Ports } from './ports.ts';
import { REGISTRY_API } from './registry-server.ts';

/** Where the servers of a stack are. */
export interface StackAddresses {
  /** host:port of the frontend. */
  temporal: string;
  /** URL of the Web UI. */
  temporalUi: string;
  /** host:port of every broker. */
  kafka: string[];
  /** For each broker: where a proxy is expected to listen, and what it must connect to. Nobody listens by default. */
  kafkaProxies: { listen: string; target: string }[];
  /** URL of the NameNode's web server: WebHDFS is below `/webhdfs/v1`. */
  namenode: string;
  /** URL of the DataNode's web server. */
  datanode: string;
  /** host:port */
  zookeeper: string;
  /** Base URL of the schema registry, where the stack has one. */
  registry?: string;
}

export function stackAddresses(ports: Ports, brokers: number): StackAddresses {
  const host = '127.0.0.1';
  const kafka = [`${host}:${ports['kafka']}`];
  for (let broker = 2; broker <= brokers; broker++) kafka.push(`${host}:${ports[`kafka-${broker}`]}`);
  const brokerIds = Array.from({ length: brokers }, (_, index) => index + 1);
  return {
    temporal: `${host}:${ports['temporal']}`,
    temporalUi: `http://${host}:${ports['temporal-ui']}`,
    kafka,
    kafkaProxies: brokerIds.map((id) => ({
      listen: `${host}:${ports[`kafka-proxy-${id}`]}`,
      target: `${host}:${ports[`kafka-proxied-${id}`]}`,
    })),
    namenode: `http://${host}:${ports['namenode']}`,
    datanode: `http://${host}:${ports['datanode']}`,
    zookeeper: `${host}:${ports['zookeeper']}`,
    ...(ports['registry'] === undefined ? {} : { registry: `http://${host}:${ports['registry']}${REGISTRY_API}` }),
  };
}

/** The variables that tell a worker where the servers are. */
export function stackEnvironment(addresses: StackAddresses): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: addresses.temporal,
    REWIND_KAFKA_BROKERS: addresses.kafka.join(','),
    REWIND_HDFS_URL: addresses.namenode,
    REWIND_HDFS_USER: HDFS_USER,
    REWIND_ZOOKEEPER: addresses.zookeeper,
    ...(addresses.registry === undefined ? {} : { REWIND_REGISTRY_URL: addresses.registry }),
  };
}
