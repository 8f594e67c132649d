import { ConnectionError } from '../../../connections/connection-error.ts';
import {
  commitConsumerOffsets,
  previewConsumerOffsets,
  type CommitRequest,
} from '../../../connections/zookeeper/consumer-offsets.ts';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { JobError } from '../../step/job-error.ts';
import type { RangesJob } from '../job/ranges-job.ts';
import { nodeName } from '../plan/group-offsets.ts';
import type { MoveStatus } from '../steps.ts';
import { groupActive, offsetsMoved } from './moved-error.ts';
import type { TopicMoves } from './moves-of.ts';

/** Moves a group's offsets of a topic in ZooKeeper: all partitions in one multi, if they still are as they were planned. */
export async function moveInZooKeeper(store: NodeStore, job: RangesJob, moves: TopicMoves): Promise<MoveStatus> {
  if (moves.zookeeper.length === 0) return 'none';
  const { outcome } = await refused(moves, store, () => commitConsumerOffsets(store, requestOf(job, moves)));
  return outcome === 'already' ? 'already' : 'committed';
}

/** Whether `moveInZooKeeper` has something to do. Throws where that would; changes nothing. */
export async function isMovableInZooKeeper(store: NodeStore, job: RangesJob, moves: TopicMoves): Promise<boolean> {
  if (moves.zookeeper.length === 0) return false;
  const { outcome, consumers } = await refused(moves, store, () =>
    previewConsumerOffsets(store, requestOf(job, moves)),
  );
  if (outcome === 'already') return false;
  if (consumers.length > 0) throw groupActive(moves, store.describe(), `${consumers.length} consumers that run`);
  return true;
}

function requestOf(job: RangesJob, { group, topic, zookeeper }: TopicMoves): CommitRequest {
  const name = (partition: number): string => nodeName(partition, job.offsets);
  const target = {
    group,
    topic,
    existing: 'overwrite' as const,
    job: job.id,
    expected: new Map(
      zookeeper.map(({ partition, before }) => [name(partition), before === undefined ? undefined : String(before)]),
    ),
  };
  if (job.offsets.layout === '0.7') {
    const offsets = zookeeper.map(({ partition, next }) => ({ partition: name(partition), offset: next }));
    return { ...target, layout: '0.7', offsets };
  }
  const offsets = zookeeper.map(({ partition, next }) => ({ partition, offset: next }));
  return { ...target, layout: '0.8', offsets };
}

async function refused<T>(moves: TopicMoves, store: NodeStore, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'exists') throw error;
    if (typeof error.facts['moved'] === 'string') throw offsetsMoved(moves, store.describe(), error.facts['moved']);
    throw new JobError('offsets-group-active', error.message, { ...error.facts });
  }
}
