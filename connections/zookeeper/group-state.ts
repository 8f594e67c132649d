import { parseMarker } from './commit-marker.ts';
import type { CommitMarker } from './commit-marker.ts';
import type { GroupPaths } from './commit-request.ts';
import type { NodeStore } from './node-store.ts';

/** What ZooKeeper holds of a group and topic, read node by node: only a multi can tell that it still holds. */
export interface GroupState {
  /** Which of `GroupPaths.parents` exist. */
  parents: ReadonlySet<string>;
  /** Nodes of partitions by name, in the order of their numbers. */
  partitions: ReadonlyMap<string, { value: string; version: number }>;
  /** The marker's node; `marker` is undefined if it holds something else. */
  markerNode: { version: number; marker: CommitMarker | undefined } | undefined;
  /** Ids of the consumers that run. */
  consumers: string[];
}

/** Requests that are under way at the same time. */
const PARALLEL = 100;

export async function readGroup(store: NodeStore, paths: GroupPaths): Promise<GroupState> {
  const parents = new Set<string>();
  for (const path of paths.parents) if ((await store.get(path)) !== undefined) parents.add(path);
  const names = ((await store.children(paths.offsets)) ?? []).sort(byNumbers);
  const partitions = new Map<string, { value: string; version: number }>();
  for (let from = 0; from < names.length; from += PARALLEL) {
    const some = names.slice(from, from + PARALLEL);
    const nodes = await Promise.all(some.map((name) => store.get(`${paths.offsets}/${name}`)));
    nodes.forEach((node, i) => {
      if (node !== undefined) partitions.set(some[i]!, { value: node.data.toString('utf8'), version: node.version });
    });
  }
  const consumers = await readConsumers(store, paths);
  // Last: whoever sees offsets of a commit that is landing just now sees its marker too.
  const node = await store.get(paths.marker);
  const markerNode = node && { version: node.version, marker: parseMarker(node.data) };
  return { parents, partitions, markerNode, consumers };
}

export async function readConsumers(store: NodeStore, paths: GroupPaths): Promise<string[]> {
  return (await store.children(paths.ids)) ?? [];
}

/** `2` before `10`, and `1-2` before `1-10`. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
