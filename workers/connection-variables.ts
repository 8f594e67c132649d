import { ConnectionError } from '../connections/connection-error.ts';
import { parseHdfsConfig, type HdfsConfig } from '../connections/hdfs/config.ts';
import { parseKafkaConfig, type KafkaConfig } from '../connections/kafka/config.ts';
import { parseRegistryConfig, type RegistryConfig } from '../connections/registry/config.ts';
import { parseZooKeeperConfig, type ZooKeeperConfig } from '../connections/zookeeper/config.ts';

/** Connections by kind and name. */
export interface WorkerConnections {
  hdfs: Record<string, HdfsConfig>;
  kafka: Record<string, KafkaConfig>;
  zookeeper: Record<string, ZooKeeperConfig>;
  registry: Record<string, RegistryConfig>;
}

type Environment = Record<string, string | undefined>;

export const CONNECTION_VARIABLES = {
  hdfs: 'REWIND_HDFS_URL',
  kafka: 'REWIND_KAFKA_BROKERS',
  zookeeper: 'REWIND_ZOOKEEPER',
  registry: 'REWIND_REGISTRY_URL',
} as const;

/** Variables that go with REWIND_HDFS_URL. */
export const HDFS_LOGIN_VARIABLES = ['REWIND_HDFS_USER', 'REWIND_HDFS_TOKEN_FILE'] as const;

/** The connections of the file, with those of the environment as `default`; what is wrong goes to `report`. */
export function readConnections(
  named: Record<keyof WorkerConnections, Record<string, unknown>>,
  environment: Environment,
  report: (problem: string) => void,
): WorkerConnections {
  const url = environment[CONNECTION_VARIABLES.hdfs];
  if (url === undefined)
    for (const variable of HDFS_LOGIN_VARIABLES)
      if (environment[variable] !== undefined)
        report(`${variable} is set, and ${CONNECTION_VARIABLES.hdfs}, which it goes with, is not`);
  const read = <T>(kind: keyof WorkerConnections, fromEnvironment: unknown, parse: Parse<T>): Record<string, T> => {
    const all = fromEnvironment === undefined ? named[kind] : { ...named[kind], default: fromEnvironment };
    const parsed = Object.entries(all).flatMap(([name, value]): [string, T][] => {
      const variable = fromEnvironment !== undefined && name === 'default' ? CONNECTION_VARIABLES[kind] : undefined;
      try {
        return [[name, parse(value, `connections.${kind}.${name}`)]];
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        report(variable === undefined ? error.message : `${variable}: ${error.message}`);
        return [];
      }
    });
    return Object.fromEntries(parsed);
  };
  return {
    hdfs: read('hdfs', hdfsOf(environment), parseHdfsConfig),
    kafka: read('kafka', kafkaOf(environment), parseKafkaConfig),
    zookeeper: read('zookeeper', zooKeeperOf(environment), parseZooKeeperConfig),
    registry: read('registry', registryOf(environment), parseRegistryConfig),
  };
}

type Parse<T> = (value: unknown, where: string) => T;

function hdfsOf(environment: Environment): unknown {
  const urls = environment[CONNECTION_VARIABLES.hdfs];
  if (urls === undefined) return undefined;
  const [user, token] = HDFS_LOGIN_VARIABLES.map((variable) => environment[variable]);
  return {
    urls: urls.split(','),
    ...(user === undefined ? {} : { user }),
    ...(token === undefined ? {} : { delegationTokenFile: token }),
  };
}

function kafkaOf(environment: Environment): unknown {
  const brokers = environment[CONNECTION_VARIABLES.kafka];
  return brokers === undefined ? undefined : { brokers };
}

function zooKeeperOf(environment: Environment): unknown {
  const hosts = environment[CONNECTION_VARIABLES.zookeeper];
  return hosts === undefined ? undefined : { hosts };
}

function registryOf(environment: Environment): unknown {
  const urls = environment[CONNECTION_VARIABLES.registry];
  return urls === undefined ? undefined : { urls };
}
