import type { FileStore } from '../connections/hdfs/file-store.ts';
import type { KafkaConnection } from '../connections/kafka/replay-log.ts';
import type { NodeStore } from '../connections/zookeeper/node-store.ts';
import type { Tuning } from './job/replay-job.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { SplitDecoder } from './decode/split-decoder.ts';

/** What a worker hands to the steps: connections by name (unknown ones throw `connection-unknown`), memory, threads. */
export interface Dependencies {
  hdfs(name: string): FileStore;
  kafka(name: string): KafkaConnection;
  zookeeper(name: string): Promise<NodeStore>;
  budget: MemoryBudget;
  decoder: SplitDecoder;
  tuning: Tuning;
}
