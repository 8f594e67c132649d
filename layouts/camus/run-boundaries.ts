import type { PinRequest } from '../archive-layout.ts';
import { EntryGone, type ArchiveTree } from '../archive-tree.ts';
import { LayoutError } from '../layout-error.ts';
import { executionOffsets } from './execution-offsets.ts';

/** Older executions that are looked at; the offsets of a partition that they add are a few hundred bytes. */
const MAX_EXECUTIONS = 50;

/**
 * Where each partition stood after each execution that the history still has, ascending, the pinned one last. The files
 * of one run hold exactly the records between two of these, unless a failed run has left some of them behind as well.
 * Older executions serve this check alone: one that is pruned meanwhile, or can't be read, is left out.
 */
export async function runBoundaries(
  tree: ArchiveTree,
  request: PinRequest,
  olderFolders: readonly string[],
  pinned: Record<string, string>,
  signal: AbortSignal,
): Promise<Record<string, string[]>> {
  const boundaries = new Map(Object.keys(pinned).map((partition) => [partition, new Set<bigint>()]));
  for (const folder of olderFolders.slice(-MAX_EXECUTIONS)) {
    const offsets = await offsetsOrNone(tree, request, folder, signal);
    for (const [partition, offset] of Object.entries(offsets)) boundaries.get(partition)?.add(BigInt(offset));
  }
  return Object.fromEntries(
    [...boundaries].map(([partition, offsets]) => {
      const last = BigInt(pinned[partition] ?? '0');
      const before = [...offsets].filter((offset) => offset < last).sort((a, b) => (a < b ? -1 : 1));
      return [partition, [...before, last].map(String)];
    }),
  );
}

async function offsetsOrNone(
  tree: ArchiveTree,
  request: PinRequest,
  folder: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  try {
    return (await executionOffsets(tree, request, folder, signal))?.next ?? {};
  } catch (error) {
    if (error instanceof EntryGone || error instanceof LayoutError) return {};
    throw error;
  }
}
