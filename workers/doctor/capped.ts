import type { HdfsConfig } from '../../connections/hdfs/config.ts';
import type { KafkaConfig } from '../../connections/kafka/config.ts';
import type { RegistryConfig } from '../../connections/registry/config.ts';
import type { ZooKeeperConfig } from '../../connections/zookeeper/config.ts';

/** The same connection, each question asked once and for no longer than this: who looks wants to know how it is now. */
export function cappedHdfs(config: HdfsConfig, limitMs: number): HdfsConfig {
  const { connectMs, answerMs, idleMs } = config.timeouts;
  const timeouts = {
    connectMs: Math.min(connectMs, limitMs),
    answerMs: Math.min(answerMs, limitMs),
    idleMs: Math.min(idleMs, limitMs),
  };
  return { ...config, attempts: 1, timeouts };
}

export function cappedKafka(config: KafkaConfig, limitMs: number): KafkaConfig {
  const { connectTimeoutMs, requestTimeoutMs, waitTimeoutMs } = config;
  return {
    ...config,
    connectTimeoutMs: Math.min(connectTimeoutMs, limitMs),
    requestTimeoutMs: Math.min(requestTimeoutMs, limitMs),
    waitTimeoutMs: Math.min(waitTimeoutMs, limitMs),
  };
}

export function cappedZooKeeper(config: ZooKeeperConfig, limitMs: number): ZooKeeperConfig {
  const { connectTimeoutMs, requestTimeoutMs } = config;
  return {
    ...config,
    connectTimeoutMs: Math.min(connectTimeoutMs, limitMs),
    requestTimeoutMs: Math.min(requestTimeoutMs, limitMs),
  };
}

export function cappedRegistry(config: RegistryConfig, limitMs: number): RegistryConfig {
  const { connectMs, answerMs } = config.timeouts;
  const timeouts = { connectMs: Math.min(connectMs, limitMs), answerMs: Math.min(answerMs, limitMs) };
  return { ...config, attempts: 1, timeouts };
}
