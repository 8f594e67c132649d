import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { hasPendingOffsets } from './groups.ts';
import { partitionOffsets, requireTopic, topicMetadata } from './leaders.ts';
import { LATEST } from './protocol/offsets.ts';
import type { TopicMetadata } from './protocol/metadata.ts';
import type { TransactionScope } from './replay-log.ts';

const PAUSE_MS = 50;

/** `KafkaConnection.hangs`. */
export async function hangs(cluster: Cluster, scope: TransactionScope, waitMs: number): Promise<boolean> {
  for (const end = performance.now() + waitMs; ; await sleep(PAUSE_MS)) {
    if (!(await isOpen(cluster, scope))) return false;
    if (performance.now() > end) return true;
  }
}

async function isOpen(cluster: Cluster, { topic, groups, offsetsOf }: TransactionScope): Promise<boolean> {
  if (topic !== undefined && (await hasOpenTransaction(cluster, await requireTopic(cluster, topic)))) return true;
  const committed = await topicMetadata(cluster, offsetsOf);
  if (committed === undefined) return false;
  for (const group of groups) if (await hasPendingOffsets(cluster, group, committed)) return true;
  return false;
}

async function hasOpenTransaction(cluster: Cluster, topic: TopicMetadata): Promise<boolean> {
  const latest = await partitionOffsets(cluster, topic, LATEST);
  const stable = await partitionOffsets(cluster, topic, LATEST, true);
  return stable.some((offset, partition) => offset < latest[partition]!);
}
