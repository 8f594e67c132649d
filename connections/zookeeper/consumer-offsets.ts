import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionError } from '../connection-error.ts';
import { encodeMarker, marks } from './commit-marker.ts';
import type { CommitMarker } from './commit-marker.ts';
import { checkRequest, groupPaths } from './commit-request.ts';
import type { CheckedRequest, CommitRequest, CommitTarget } from './commit-request.ts';
import { readConsumers, readGroup } from './group-state.ts';
import type { GroupState } from './group-state.ts';
import type { NodeOperation, NodeStore } from './node-store.ts';

export type { CommitRequest } from './commit-request.ts';

/** The node of a partition, and the text in it: decimal unless somebody else wrote something else. */
export interface PartitionNode {
  partition: string;
  value: string;
}

export interface CommitOutcome {
  /**
   * `committed` now; `already`: by an earlier attempt of this job, after which consumers may have moved on; `left
   * alone`: the group had offsets of its own.
   */
  outcome: 'committed' | 'already' | 'left alone';
  /** What is in ZooKeeper now for the partitions of the request, in its order; those without a node are missing. */
  offsets: PartitionNode[];
  /** Partitions that have a node and are not in the request. They are not touched. */
  others: PartitionNode[];
  /** What was there before an overwrite. */
  replaced: PartitionNode[];
  /** Parents that had to be made. `/consumers` among them: no broker has ever used this ZooKeeper and chroot. */
  created: string[];
  /** Ids of the consumers that run in the group (looked up again after a commit). */
  consumers: string[];
  /** Of the last commit by Rewind for this group and topic, this one included. */
  commit: { job: string; at: string } | undefined;
}

/** What `commitConsumerOffsets` would meet now. */
export interface CommitPreview {
  /** `commit`: nothing is in the way. */
  outcome: 'commit' | 'already' | 'left alone';
  /** Node below which the partitions have theirs. */
  path: string;
  /** Parents that would be made. */
  creates: string[];
  /** Partitions that have a node now, those that are not in the request included. */
  present: PartitionNode[];
  /** Ids of the consumers that run in the group. */
  consumers: string[];
}

/** How often a commit is tried that meets a change between its look at the nodes and its multi. */
const TRIES = 5;
const FIRST_PAUSE_MS = 50;

/**
 * Commits the offsets of a topic for a group that keeps them in ZooKeeper: all nodes, their parents and a marker of
 * the job in one multi, so that a retry after a lost answer knows its own commit.
 *
 * @throws ConnectionError `exists`: offsets that must not be overwritten, or consumers that would write over ours;
 * `changed`: somebody changed the nodes at every try; `refused`: a request that can't be right, or is too large for
 * one multi; `unavailable`: call again with the same request
 */
export async function commitConsumerOffsets(store: NodeStore, request: CommitRequest): Promise<CommitOutcome> {
  const checked = checkRequest(request);
  for (let tries = 1; ; tries += 1) {
    const state = await readGroup(store, checked.paths);
    // Read once more, as the offsets may be older than the marker.
    if (isOurs(checked, state)) return asIs('already', checked, await readGroup(store, checked.paths));
    assertAsExpected(checked.request, state, store.describe());
    if (mustLeave(checked.request, state, store.describe())) return asIs('left alone', checked, state);
    const marker = newMarker(checked);
    try {
      await store.multi(operations(checked, state, marker));
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.fault !== 'changed') throw error;
      // The multi went through the leader, so this connection now sees what it met.
      if (tries === TRIES) throw busy(checked.request, store.describe(), error);
      await delay(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random()));
      continue;
    }
    return {
      outcome: 'committed',
      offsets: [...checked.offsets].map(([partition, value]) => ({ partition, value })),
      others: othersOf(checked, state),
      replaced: presentOf(checked, state),
      created: checked.paths.parents.filter((path) => !state.parents.has(path)),
      // One that came meanwhile may have read the old offsets.
      consumers: await readConsumers(store, checked.paths),
      commit: { job: marker.job, at: marker.at },
    };
  }
}

/**
 * Looks at what a commit would meet, and changes nothing.
 *
 * @throws ConnectionError `exists` and `refused` where `commitConsumerOffsets` would; `unavailable`
 */
export async function previewConsumerOffsets(store: NodeStore, request: CommitRequest): Promise<CommitPreview> {
  const checked = checkRequest(request);
  const state = await readGroup(store, checked.paths);
  if (!isOurs(checked, state)) assertAsExpected(request, state, store.describe());
  const leave = (): 'commit' | 'left alone' => (mustLeave(request, state, store.describe()) ? 'left alone' : 'commit');
  return {
    outcome: isOurs(checked, state) ? 'already' : leave(),
    path: checked.paths.offsets,
    creates: checked.paths.parents.filter((path) => !state.parents.has(path)),
    present: [...state.partitions].map(([partition, { value }]) => ({ partition, value })),
    consumers: state.consumers,
  };
}

/**
 * Looks at a group whose offsets are not known yet, and changes nothing.
 *
 * @throws ConnectionError `exists` where `commitConsumerOffsets` would, whatever the offsets; `unavailable`
 */
export async function assertGroupFree(store: NodeStore, target: CommitTarget): Promise<void> {
  const state = await readGroup(store, groupPaths(target.group, target.topic));
  if (state.markerNode?.marker?.job !== target.job) mustLeave(target, state, store.describe());
}

function isOurs({ request, offsets }: CheckedRequest, { markerNode }: GroupState): boolean {
  return markerNode?.marker !== undefined && marks(markerNode.marker, request, offsets);
}

function asIs(outcome: CommitOutcome['outcome'], checked: CheckedRequest, state: GroupState): CommitOutcome {
  const marker = state.markerNode?.marker;
  return {
    outcome,
    offsets: presentOf(checked, state),
    others: othersOf(checked, state),
    replaced: [],
    created: [],
    consumers: state.consumers,
    commit: marker && { job: marker.job, at: marker.at },
  };
}

/** The multi that follows holds the versions of what is seen here: nobody comes in between. */
function assertAsExpected({ group, topic, expected }: CommitRequest, state: GroupState, server: string): void {
  const moved = [...(expected ?? [])]
    .filter(([partition, value]) => state.partitions.get(partition)?.value !== value)
    .map(
      ([partition, value]) =>
        `partition ${partition}: expected ${value ?? 'none'}, found ${state.partitions.get(partition)?.value ?? 'none'}`,
    );
  if (moved.length === 0) return;
  throw new ConnectionError(
    'exists',
    `the offsets of ${topic} for group ${group} at ${server} are not what they were: ${listed(moved)}`,
    { group, topic, moved: listed(moved) },
  );
}

/** Whether the group's own offsets stay; an error if the job doesn't go with that. */
function mustLeave({ group, topic, existing }: CommitTarget, state: GroupState, server: string): boolean {
  if (state.partitions.size === 0) return false;
  if (existing === 'leave') return true;
  const facts = { group, topic, partitions: state.partitions.size, consumers: state.consumers };
  if (existing === 'fail') {
    const found = listed([...state.partitions].map(([partition, { value }]) => `${partition}: ${value}`));
    throw new ConnectionError(
      'exists',
      `group ${group} has offsets of ${topic} at ${server} (${found}); expected none. Commit for another group, ` +
        'delete those offsets, or let the job leave or overwrite them',
      facts,
    );
  }
  if (state.consumers.length > 0)
    throw new ConnectionError(
      'exists',
      `offsets of ${topic} cannot be overwritten for group ${group} at ${server} while its consumers run ` +
        `(${listed(state.consumers)}): they would write theirs over them. Stop them, wait until their sessions end, ` +
        'and try again',
      facts,
    );
  return false;
}

function operations({ paths, offsets }: CheckedRequest, state: GroupState, marker: CommitMarker): NodeOperation[] {
  const node = (path: string, data: Buffer, version: number | undefined): NodeOperation => {
    if (version !== undefined) return { op: 'set', path, data, version };
    return path === paths.consumers
      ? { op: 'create', path, data }
      : { op: 'create', path, data, aclOf: paths.consumers };
  };
  return [
    ...paths.parents.filter((path) => !state.parents.has(path)).map((path) => node(path, Buffer.alloc(0), undefined)),
    node(paths.marker, encodeMarker(marker), state.markerNode?.version),
    ...[...offsets].map(([partition, offset]) =>
      node(`${paths.offsets}/${partition}`, Buffer.from(offset), state.partitions.get(partition)?.version),
    ),
  ];
}

function newMarker({ request: { job, layout }, offsets }: CheckedRequest): CommitMarker {
  return { version: 1, job, at: new Date().toISOString(), layout, offsets: Object.fromEntries(offsets) };
}

function presentOf({ offsets }: CheckedRequest, { partitions }: GroupState): PartitionNode[] {
  return [...offsets.keys()].flatMap((partition) => {
    const node = partitions.get(partition);
    return node === undefined ? [] : [{ partition, value: node.value }];
  });
}

function othersOf({ offsets }: CheckedRequest, { partitions }: GroupState): PartitionNode[] {
  return [...partitions]
    .filter(([partition]) => !offsets.has(partition))
    .map(([partition, { value }]) => ({ partition, value }));
}

/** The first few, and how many more. */
function listed(items: readonly string[]): string {
  const more = items.length - 5;
  return items.slice(0, 5).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function busy({ group, topic }: CommitRequest, server: string, cause: ConnectionError): ConnectionError {
  return new ConnectionError(
    'changed',
    `the offsets of ${topic} for group ${group} at ${server} changed during each of ${TRIES} tries to commit them ` +
      `(${cause.message}). Stop whoever commits for this group, and try again`,
    { ...cause.facts, group, topic },
    cause,
  );
}
