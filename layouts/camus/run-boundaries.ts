import type { PinRequest } from '../archive-layout.ts';
import { EntryGone, entryName, type ArchiveTree } from '../archive-tree.ts';
import { LayoutError } from '../layout-error.ts';
import type { PinnedOffsets } from '../pinned-offsets.ts';
import { executionOffsets, type ExecutionOffsets } from './execution-offsets.ts';

/** Older executions that are looked at; the offsets of a partition that they add are a few hundred bytes. */
const MAX_EXECUTIONS = 50;

export type RunBoundaries = Required<Pick<PinnedOffsets, 'boundaries' | 'executions' | 'reachedBy' | 'sharing'>>;

/**
 * Where each partition stood after each execution that the history still has, ascending, the pinned one last. The files
 * of one run hold exactly the records between two of these, unless a failed run has left some of them behind as well.
 * Offsets that fall belong to a topic that was re-created: what was before is no boundary of its records.
 * Older executions serve this check alone: one that is pruned meanwhile, or can't be read, is left out.
 */
export async function runBoundaries(
  tree: ArchiveTree,
  request: PinRequest,
  olderFolders: readonly string[],
  pinned: ExecutionOffsets & { folder: string },
  signal: AbortSignal,
): Promise<RunBoundaries> {
  const executions: string[] = [];
  const reached = new Map<string, { offset: bigint; execution: number }[]>();
  const sharing = new Set(pinned.sharing);
  const take = (folder: string, next: Record<string, string>): void => {
    const execution = executions.push(entryName(folder)) - 1;
    for (const [partition, text] of Object.entries(next)) {
      if (!(partition in pinned.next)) continue;
      const offset = BigInt(text);
      const before = reached.get(partition) ?? [];
      const last = before.at(-1)?.offset;
      if (last === undefined || last !== offset)
        reached.set(partition, [...(last !== undefined && offset < last ? [] : before), { offset, execution }]);
    }
  };
  for (const folder of olderFolders.slice(-MAX_EXECUTIONS)) {
    const offsets = await offsetsOrNone(tree, request, folder, signal);
    if (offsets === undefined) continue;
    take(folder, offsets.next);
    for (const topic of offsets.sharing) sharing.add(topic);
  }
  take(pinned.folder, pinned.next);
  const all = [...reached];
  return {
    boundaries: Object.fromEntries(all.map(([key, list]) => [key, list.map(({ offset }) => offset.toString())])),
    executions,
    reachedBy: Object.fromEntries(all.map(([key, list]) => [key, list.map(({ execution }) => execution)])),
    sharing: [...sharing].sort().slice(0, 5),
  };
}

async function offsetsOrNone(
  tree: ArchiveTree,
  request: PinRequest,
  folder: string,
  signal: AbortSignal,
): Promise<ExecutionOffsets | undefined> {
  try {
    return await executionOffsets(tree, request, folder, signal);
  } catch (error) {
    if (error instanceof EntryGone || error instanceof LayoutError) return undefined;
    throw error;
  }
}
