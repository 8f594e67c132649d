import type { PinRequest } from '../archive-layout.ts';
import { EntryGone, entryName, type ArchiveTree } from '../archive-tree.ts';
import { REWIND_JSON } from '../execution-account.ts';
import { LayoutError } from '../layout-error.ts';
import type { PinnedOffsets, ToldRun } from '../pinned-offsets.ts';
import { executionAccount, type ToldRange } from './execution-account.ts';
import { executionOffsets, type ExecutionOffsets } from './execution-offsets.ts';

/** Older executions that are looked at; what they add of a partition is a few hundred bytes. */
const MAX_EXECUTIONS = 50;

export type RunBoundaries = Required<Pick<PinnedOffsets, 'boundaries' | 'executions' | 'reachedBy' | 'sharing'>> &
  Pick<PinnedOffsets, 'told' | 'remarks'>;

interface Boundary {
  offset: bigint;
  /** Index of the execution that reached it; of none for where the oldest one began. */
  execution: number;
  told?: ToldRun;
}

const OF_NONE = -1;

/**
 * Where each partition stood after each execution that the history still has, ascending, the pinned one last. The files
 * of one run hold exactly the records between two of these, unless a failed run has left some of them behind as well.
 * Offsets that fall belong to a topic that was re-created: what was before is no boundary of its records.
 * Older executions serve this check alone: one that is pruned meanwhile, or can't be read, is left out.
 *
 * What executions of Rewind's say of themselves comes with it: how many records are in files is then known, whatever
 * markers of transactions and compaction leave between them.
 */
export async function runBoundaries(
  tree: ArchiveTree,
  request: PinRequest,
  olderFolders: readonly string[],
  pinned: ExecutionOffsets & { folder: string },
  signal: AbortSignal,
): Promise<RunBoundaries> {
  const executions: string[] = [];
  const reached = new Map<string, Boundary[]>();
  const sharing = new Set(pinned.sharing);
  const damaged: string[] = [];
  const take = (folder: string, { next, told }: ToldOffsets): void => {
    const execution = executions.push(entryName(folder)) - 1;
    if (told === 'damaged') damaged.push(folder);
    for (const [partition, text] of Object.entries(next)) {
      if (!(partition in pinned.next)) continue;
      const range = told === 'damaged' ? undefined : told?.get(partition);
      reached.set(partition, withBoundary(reached.get(partition) ?? [], { offset: BigInt(text), execution }, range));
    }
  };
  for (const folder of olderFolders.slice(-MAX_EXECUTIONS)) {
    const offsets = await offsetsOrNone(tree, request, folder, signal);
    if (offsets === undefined) continue;
    take(folder, offsets);
    for (const topic of offsets.sharing) sharing.add(topic);
  }
  take(pinned.folder, await withAccount(tree, request, pinned, signal));
  const all = [...reached];
  const told = all.filter(([, list]) => list.some((boundary) => boundary.told !== undefined));
  return {
    boundaries: Object.fromEntries(all.map(([key, list]) => [key, list.map(({ offset }) => offset.toString())])),
    executions,
    reachedBy: Object.fromEntries(all.map(([key, list]) => [key, list.map(({ execution }) => execution)])),
    ...(told.length > 0 && {
      told: Object.fromEntries(told.map(([key, list]) => [key, list.map((boundary) => boundary.told ?? null)])),
    }),
    sharing: [...sharing].sort().slice(0, 5),
    remarks: damagedRemark(damaged),
  };
}

/** The boundaries of a partition with one more, where an execution has moved its offset. */
function withBoundary(known: readonly Boundary[], next: Boundary, range: ToldRange | undefined): Boundary[] {
  const last = known.at(-1)?.offset;
  if (last === next.offset) return [...known];
  const before = last !== undefined && next.offset < last ? [] : [...known];
  // The oldest that is known says itself where the one before it had ended.
  if (before.length === 0 && range !== undefined && range.from > 0n && range.from < next.offset)
    before.push({ offset: range.from, execution: OF_NONE });
  const from = before.at(-1)?.offset ?? 0n;
  const speaksOfIt = range?.from === from && range.to === next.offset;
  return [...before, { ...next, ...(speaksOfIt && { told: range.run }) }];
}

/** The offsets of an execution, and what it says of itself. */
type ToldOffsets = ExecutionOffsets & { told: ReadonlyMap<string, ToldRange> | 'damaged' | undefined };

async function withAccount(
  tree: ArchiveTree,
  { topic, partitions }: PinRequest,
  offsets: ExecutionOffsets,
  signal: AbortSignal,
): Promise<ToldOffsets> {
  // Rewind archives no topic of Kafka 0.7, whose partitions are those of brokers.
  if (offsets.account === undefined || partitions === '0.7') return { ...offsets, told: undefined };
  return { ...offsets, told: (await executionAccount(tree, offsets.account, topic, signal)) ?? 'damaged' };
}

async function offsetsOrNone(
  tree: ArchiveTree,
  request: PinRequest,
  folder: string,
  signal: AbortSignal,
): Promise<ToldOffsets | undefined> {
  try {
    const offsets = await executionOffsets(tree, request, folder, signal);
    return offsets && (await withAccount(tree, request, offsets, signal));
  } catch (error) {
    if (error instanceof EntryGone || error instanceof LayoutError) return undefined;
    throw error;
  }
}

/** What they would say is only for this check: offsets are known all the same. */
function damagedRemark([first, ...others]: readonly string[]): string[] {
  if (first === undefined) return [];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return [
    `${first}/${REWIND_JSON}${more}: damaged, or of a newer release: what these runs archived is counted by names of files alone, so that markers of transactions and records that were left out look like lost files. Restore it, or use that release`,
  ];
}
