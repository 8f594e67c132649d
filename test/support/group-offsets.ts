import { expect } from 'vitest';
import type { CamusArchive } from './camus-archive/index.ts';
import type { ReplayHarness } from './replay-harness.ts';

/** Offsets of a topic as consumers find them, decimal text by the name of the partition; empty where there are none. */
export type OffsetsByPartition = Record<string, string>;

export async function zooKeeperOffsets(
  harness: ReplayHarness,
  group: string,
  topic: string,
): Promise<OffsetsByPartition> {
  const folder = `/consumers/${group}/offsets/${topic}`;
  return harness.zookeeper(async (store) => {
    const found: OffsetsByPartition = {};
    for (const partition of (await store.children(folder)) ?? [])
      found[partition] = (await store.get(`${folder}/${partition}`))?.data.toString() ?? '';
    return found;
  });
}

/** With the metadata that stands beside each offset. */
export async function kafkaOffsets(
  harness: ReplayHarness,
  group: string,
  topic: string,
): Promise<{ offsets: OffsetsByPartition; metadata: (string | null)[] }> {
  const [entry] = await harness.admin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
  const committed = (entry?.partitions ?? []).filter(({ offset }) => offset !== '-1');
  return {
    offsets: Object.fromEntries(committed.map(({ partition, offset }) => [String(partition), offset])),
    metadata: committed.map(({ metadata }) => metadata),
  };
}

/** What must be committed for an archive as it is now. */
export function expectedOffsets(archive: CamusArchive, topic?: string): OffsetsByPartition {
  return Object.fromEntries(
    archive.offsets(topic).map(({ partition, offset }) => [String(partition), offset.toString()]),
  );
}

/** Creates a node with its parents in one multi, as a consumer of the group would have. */
export async function putZooKeeperOffset(
  harness: ReplayHarness,
  group: string,
  topic: string,
  partition: string,
  offset: string,
): Promise<void> {
  const parents = ['/consumers', `/consumers/${group}`, `/consumers/${group}/offsets`];
  const nodes = [...parents, `/consumers/${group}/offsets/${topic}`];
  await harness.zookeeper(async (store) => {
    const missing: string[] = [];
    for (const path of nodes) if ((await store.get(path)) === undefined) missing.push(path);
    await store.multi([
      ...missing.map((path) => ({ op: 'create' as const, path, data: Buffer.alloc(0) })),
      { op: 'create', path: `/consumers/${group}/offsets/${topic}/${partition}`, data: Buffer.from(offset) },
    ]);
  });
  expect((await zooKeeperOffsets(harness, group, topic))[partition]).toBe(offset);
}

/** Deletes a node that `putZooKeeperOffset` made and nobody has changed since. */
export async function deleteZooKeeperOffset(
  harness: ReplayHarness,
  group: string,
  topic: string,
  partition: string,
): Promise<void> {
  const path = `/consumers/${group}/offsets/${topic}/${partition}`;
  await harness.zookeeper((store) => store.multi([{ op: 'delete', path, version: 0 }]));
}
