import { ConnectionError } from '../connection-error.ts';
import { nodePath } from './node-path.ts';

/**
 * Offsets to be committed for the consumers of a group that keep theirs in ZooKeeper. A partition is a number for
 * Kafka 0.8 and later, and `NODE-PARTITION` (the id of the broker first) for Kafka 0.7.
 */
export type CommitRequest = CommitTarget &
  (
    | { layout: '0.8'; offsets: readonly { partition: number; offset: bigint }[] }
    | { layout: '0.7'; offsets: readonly { partition: string; offset: bigint }[] }
  );

/** Whose offsets are to be committed, of which topic. */
export interface CommitTarget {
  group: string;
  topic: string;
  /** What to do if the group has offsets of this topic already. */
  existing: 'leave' | 'fail' | 'overwrite';
  /**
   * What partitions of the request must hold still, by the node's name; undefined: no node. Another value is refused,
   * whatever `existing` says. @default whatever they hold
   */
  expected?: ReadonlyMap<string, string | undefined>;
  /** Who commits; the same for every attempt, and of nobody else. */
  job: string;
}

/** Where a group keeps what belongs to one topic. */
export interface GroupPaths {
  /** Kafka's brokers make it; its access control list goes to all nodes below it. */
  consumers: string;
  /** One ephemeral child for each consumer that runs. */
  ids: string;
  /** Parent of the nodes of the partitions. */
  offsets: string;
  marker: string;
  /** Everything above the offsets and the marker, parents first. */
  parents: string[];
}

/** Node names of the partitions and the text that goes into them, in the order of the request. */
export interface CheckedRequest {
  request: CommitRequest;
  paths: GroupPaths;
  offsets: ReadonlyMap<string, string>;
}

const MAX_OFFSET = 0x7fff_ffff_ffff_ffffn;
const NODE_AND_PARTITION = /^(0|[1-9]\d{0,9})-(0|[1-9]\d{0,9})$/;

/** Throws `refused` for a request that can't be right, before anything is asked of the server. */
export function checkRequest(request: CommitRequest): CheckedRequest {
  const { group, topic, job } = request;
  const wrong = (problem: string): never => {
    throw new ConnectionError('refused', `offsets of ${topic} for group ${group}: ${problem}`, { group, topic });
  };
  if (job === '') wrong('the job has no id, by which a retry would know its own commit');
  if (request.offsets.length === 0) wrong('there is none to commit');
  const offsets = new Map<string, string>();
  for (const { partition, offset } of request.offsets) {
    const name = String(partition);
    if (!isPartition(request.layout, partition))
      wrong(`'${name}' is no partition of the layout of Kafka ${request.layout}`);
    if (offset < 0n || offset > MAX_OFFSET) wrong(`${offset} of partition ${name} is outside of 0 to 2^63-1`);
    if (offsets.has(name)) wrong(`partition ${name} is there twice`);
    offsets.set(name, String(offset));
  }
  return { request, paths: groupPaths(group, topic), offsets };
}

function isPartition(layout: CommitRequest['layout'], partition: number | string): boolean {
  if (typeof partition === 'number') return layout === '0.8' && Number.isInteger(partition) && isInt32(partition);
  const ids = layout === '0.7' ? NODE_AND_PARTITION.exec(partition) : null;
  return ids !== null && isInt32(Number(ids[1])) && isInt32(Number(ids[2]));
}

function isInt32(value: number): boolean {
  return value >= 0 && value <= 0x7fff_ffff;
}

export function groupPaths(group: string, topic: string): GroupPaths {
  const consumers = nodePath('consumers');
  const allOffsets = nodePath('consumers', group, 'offsets');
  const markers = nodePath('consumers', group, 'rewind');
  const offsets = nodePath('consumers', group, 'offsets', topic);
  return {
    consumers,
    ids: nodePath('consumers', group, 'ids'),
    offsets,
    marker: nodePath('consumers', group, 'rewind', topic),
    parents: [consumers, nodePath('consumers', group), allOffsets, offsets, markers],
  };
}
