import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { SchemaRegistry } from '../../connections/registry/schema-registry.ts';
import type { NodeStore } from '../../connections/zookeeper/node-store.ts';

/** A worker's connections by name; unknown ones throw `connection-unknown` at once. */
export interface Servers {
  hdfs(name: string): FileStore;
  kafka(name: string): KafkaConnection;
  zookeeper(name: string): Promise<NodeStore>;
  /** Address of a ZooKeeper connection for messages, known before it is connected. */
  describeZooKeeper(name: string): string;
  registry(name: string): SchemaRegistry;
  /** Milliseconds for which a job that has not begun waits for servers that are away. */
  reachTimeoutMs: number;
}
