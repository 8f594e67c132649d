import {
  assertGroupFree,
  commitConsumerOffsets,
  previewConsumerOffsets,
  type CommitOutcome,
  type CommitPreview,
  type CommitRequest,
} from '../../../connections/zookeeper/consumer-offsets.ts';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { JobError } from '../../step/job-error.ts';
import { firstTen } from '../../step/first-ten.ts';
import { partialGroupRemarks } from './partial-group.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { CommitStatus } from '../steps.ts';

const STATUS: Record<CommitOutcome['outcome'], CommitStatus> = {
  committed: 'committed',
  already: 'already',
  'left alone': 'left',
};

/** Commits a group's offsets in ZooKeeper, all nodes in one multi. */
export async function commitToZooKeeper(
  store: NodeStore,
  job: ReplayJob,
  group: string,
  pins: PinnedOffsets,
): Promise<{ status: CommitStatus; remarks: string[] }> {
  const outcome = await commitConsumerOffsets(store, requestOf(job, group, pins)).catch((error: unknown) => {
    throw refusal(error, job);
  });
  return { status: STATUS[outcome.outcome], remarks: remarksOn(outcome, group, pins, store) };
}

/** What `commitToZooKeeper` would meet now; throws where it would, and changes nothing. */
export async function previewInZooKeeper(
  store: NodeStore,
  job: ReplayJob,
  group: string,
  pins: PinnedOffsets,
): Promise<CommitPreview> {
  return previewConsumerOffsets(store, requestOf(job, group, pins)).catch((error: unknown) => {
    throw refusal(error, job);
  });
}

/** The same before the offsets are known: a group that is in the way is in the way of any. */
export async function assertFreeInZooKeeper(store: NodeStore, job: ReplayJob, group: string): Promise<void> {
  const { existing } = job.offsets;
  await assertGroupFree(store, { group, topic: job.topic, existing, job: job.id }).catch((error: unknown) => {
    throw refusal(error, job);
  });
}

function requestOf(job: ReplayJob, group: string, pins: PinnedOffsets): CommitRequest {
  const { layout, existing } = job.offsets;
  const target = { group, topic: job.topic, existing, job: job.id };
  const offsets = Object.entries(pins.next).map(([partition, offset]) => ({ partition, offset: BigInt(offset) }));
  if (layout === '0.7') return { ...target, layout, offsets };
  return {
    ...target,
    layout,
    offsets: offsets.map(({ partition, offset }) => ({ partition: Number(partition), offset })),
  };
}

/** A group that is in the way is the job's business, as it is in Kafka. */
function refusal(error: unknown, { offsets }: ReplayJob): unknown {
  if (!(error instanceof ConnectionError) || error.fault !== 'exists') return error;
  // Offsets that may be overwritten are in the way only while consumers run.
  const code = offsets.existing === 'overwrite' ? 'offsets-group-active' : 'offsets-group-exists';
  return new JobError(code, error.message, { ...error.facts });
}

/** Partitions that have a node, those that are not pinned too: a group may have nothing else. */
function presentIn({ offsets, others }: CommitOutcome): string[] {
  return [...offsets, ...others].map(({ partition }) => partition);
}

function remarksOn(outcome: CommitOutcome, group: string, pins: PinnedOffsets, store: NodeStore): string[] {
  const list = (nodes: { partition: string; value: string }[]): string =>
    firstTen(nodes.map(({ partition, value }) => `${partition}: ${value}`));
  const remarks: string[] = [];
  if (outcome.outcome === 'left alone')
    remarks.push(
      `group ${group} has offsets in ZooKeeper already, which were left alone: ${list([...outcome.offsets, ...outcome.others])}`,
      ...partialGroupRemarks('ZooKeeper', group, pins, presentIn(outcome)),
    );
  if (outcome.others.length > 0) remarks.push(`ZooKeeper holds other partitions of the group: ${list(outcome.others)}`);
  if (outcome.replaced.length > 0)
    remarks.push(`offsets that were overwritten in ZooKeeper: ${list(outcome.replaced)}`);
  if (outcome.created.includes('/consumers'))
    remarks.push(`/consumers was created: no consumer ever used ${store.describe()}. Is the chroot right?`);
  return remarks;
}
