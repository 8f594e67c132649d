import type { FileStore } from '../connections/hdfs/file-store.ts';
import type { KafkaConnection } from '../connections/kafka/replay-log.ts';
import type { NodeStore } from '../connections/zookeeper/node-store.ts';
import type { LoadedFunctions } from './replay/functions/functions-module.ts';
import type { Tuning } from './replay/job/replay-job.ts';
import type { MemoryBudget } from './step/memory-budget.ts';
import type { SplitDecoder } from './replay/decode/split-decoder.ts';

/** What a worker hands to the steps: connections by name (unknown ones throw `connection-unknown` at once), memory, threads. */
export interface Dependencies {
  hdfs(name: string): FileStore;
  kafka(name: string): KafkaConnection;
  zookeeper(name: string): Promise<NodeStore>;
  /** Address of a ZooKeeper connection for messages, known before it is connected. */
  describeZooKeeper(name: string): string;
  /** Milliseconds for which a job that has not begun waits for servers that are away. */
  reachTimeoutMs: number;
  budget: MemoryBudget;
  decoder: SplitDecoder;
  /** The worker's functions module; undefined where it has none. */
  functions(): Promise<LoadedFunctions | undefined>;
  tuning: Tuning;
}
