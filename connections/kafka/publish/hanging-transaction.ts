import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../wire/cluster.ts';
import { hasPendingOffsets } from '../admin/groups.ts';
import { partitionOffsets, topicMetadata } from '../wire/leaders.ts';
import { LATEST } from '../wire/protocol/offsets.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import type { TransactionScope } from './publish-port.ts';

const PAUSE_MS = 50;

/** `KafkaConnection.hasHangingTransaction`. */
export async function hasHangingTransaction(
  cluster: Cluster,
  scope: TransactionScope,
  waitMs: number,
): Promise<boolean> {
  for (const end = performance.now() + waitMs; ; await sleep(PAUSE_MS)) {
    if (!(await isOpen(cluster, scope))) return false;
    if (performance.now() > end) return true;
  }
}

/** A topic that is gone holds nothing open; whoever needs it tells that it is gone. */
async function isOpen(cluster: Cluster, { topic, groups, records }: TransactionScope): Promise<boolean> {
  const found = await topicMetadata(cluster, topic);
  if (found === undefined) return false;
  if (records && (await hasOpenTransaction(cluster, found))) return true;
  for (const group of groups) if (await hasPendingOffsets(cluster, group, found)) return true;
  return false;
}

async function hasOpenTransaction(cluster: Cluster, topic: TopicMetadata): Promise<boolean> {
  const latest = await partitionOffsets(cluster, topic, LATEST);
  const stable = await partitionOffsets(cluster, topic, LATEST, true);
  return stable.some((offset, partition) => offset < latest[partition]!);
}
