import { openFileStore } from '../connections/hdfs/open-file-store.ts';
import type { FileStore } from '../connections/hdfs/file-store.ts';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import type { KafkaConnection } from '../connections/kafka/kafka-connection.ts';
import { describeZooKeeper } from '../connections/zookeeper/config.ts';
import type { NodeStore } from '../connections/zookeeper/node-store.ts';
import { openNodeStore } from '../connections/zookeeper/open-node-store.ts';
import { openRegistry } from '../connections/registry/open-registry.ts';
import type { SchemaRegistry } from '../connections/registry/schema-registry.ts';
import { connectionNamed, type WorkerConfig } from './config.ts';

/** The connections of one worker process: opened when a step first needs them, shared by all steps, closed at the end. */
export class ConnectionPool {
  readonly #config: WorkerConfig;
  readonly #hdfs = new Map<string, FileStore>();
  readonly #kafka = new Map<string, KafkaConnection>();
  readonly #registry = new Map<string, SchemaRegistry>();
  readonly #zookeeper = new Map<string, Promise<NodeStore>>();

  constructor(config: WorkerConfig) {
    this.#config = config;
  }

  hdfs(name: string): FileStore {
    return opened(this.#hdfs, name, () => openFileStore(connectionNamed('hdfs', this.#config.hdfs, name)));
  }

  kafka(name: string): KafkaConnection {
    return opened(this.#kafka, name, () => openKafka(connectionNamed('kafka', this.#config.kafka, name)));
  }

  registry(name: string): SchemaRegistry {
    return opened(this.#registry, name, () => openRegistry(connectionNamed('registry', this.#config.registry, name)));
  }

  zookeeper(name: string): Promise<NodeStore> {
    const config = connectionNamed('zookeeper', this.#config.zookeeper, name);
    return opened(this.#zookeeper, name, () => {
      const store = openNodeStore(config);
      // A server that was away is asked again by the next attempt.
      store.catch(() => this.#zookeeper.delete(name));
      return store;
    });
  }

  describeZooKeeper(name: string): string {
    return describeZooKeeper(connectionNamed('zookeeper', this.#config.zookeeper, name));
  }

  /** Ends all that is open. The pool itself goes on: who comes later, as the next worker of a plugin, opens anew. */
  async close(): Promise<void> {
    const hdfs = taken(this.#hdfs);
    const kafka = taken(this.#kafka);
    const registries = taken(this.#registry);
    const stores = await Promise.allSettled(taken(this.#zookeeper));
    await Promise.all([
      ...hdfs.map((store) => store.close()),
      ...kafka.map((connection) => connection.close()),
      ...registries.map((registry) => registry.close()),
      ...stores.map((store) => (store.status === 'fulfilled' ? store.value.close() : undefined)),
    ]);
  }
}

/** All that is in a pool, which is empty then. */
function taken<T>(pool: Map<string, T>): T[] {
  const values = [...pool.values()];
  pool.clear();
  return values;
}

function opened<T>(pool: Map<string, T>, name: string, open: () => T): T {
  const present = pool.get(name);
  if (present !== undefined) return present;
  const fresh = open();
  pool.set(name, fresh);
  return fresh;
}
