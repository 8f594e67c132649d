import { FormatError } from '../../formats/format-error.ts';
import type { PinRequest } from '../archive-layout.ts';
import { entryName, type ArchiveEntry, type ArchiveTree } from '../archive-tree.ts';
import { REWIND_JSON } from '../execution-account.ts';
import { LayoutError } from '../layout-error.ts';
import { partitionKey } from '../pinned-offsets.ts';
import { camusTopicFolder } from './topic-folder.ts';
import { readOffsetsFile, type EtlKey } from './etl-key.ts';

/** Offsets of one execution, for one topic. */
export interface ExecutionOffsets {
  /** Next offset by partition (see `partitionKey`), decimal text. */
  next: Record<string, string>;
  remarks: string[];
  /** When the last of its files was written, in ms since 1970. */
  endedAt: number;
  /** What it says of itself, where it is one of Rewind's. */
  account?: ArchiveEntry;
  /** Other topics with records whose files have the same names. */
  sharing: string[];
}

/** Reads all `offsets*` files of an execution folder; undefined where it has none. */
export async function executionOffsets(
  tree: ArchiveTree,
  request: Pick<PinRequest, 'topic' | 'partitions'>,
  folder: string,
  signal: AbortSignal,
): Promise<ExecutionOffsets | undefined> {
  const files: ArchiveEntry[] = [];
  let endedAt = 0;
  let account: ArchiveEntry | undefined;
  for await (const entry of tree.list(folder, signal)) {
    if (entry.kind !== 'file') continue;
    endedAt = Math.max(endedAt, entry.modifiedAt);
    if (entryName(entry.path).startsWith('offsets')) files.push(entry);
    if (entryName(entry.path) === REWIND_JSON) account = entry;
  }
  if (files.length === 0) return undefined;
  return { ...(await mergeOffsets(tree, request, files, signal)), endedAt, ...(account && { account }) };
}

/** Camus's own rule: all `offsets*` files together, the largest offset of a partition winning. */
async function mergeOffsets(
  tree: ArchiveTree,
  { topic, partitions }: Pick<PinRequest, 'topic' | 'partitions'>,
  files: ArchiveEntry[],
  signal: AbortSignal,
): Promise<Omit<ExecutionOffsets, 'endedAt' | 'account'>> {
  const sharing = new Set<string>();
  const next = new Map<string, { offset: bigint; previous: boolean }>();
  for (const file of files) {
    const previous = entryName(file.path) === 'offsets-previous';
    for (const key of await keysOf(tree, file, signal)) {
      if (key.topic !== topic) {
        if (key.offset > 0n && sharesFolder(key.topic, topic)) sharing.add(key.topic);
        continue;
      }
      const partition = partitionKey(partitions, key.leaderId, key.partition);
      const known = next.get(partition);
      if (known === undefined || key.offset > known.offset) next.set(partition, { offset: key.offset, previous });
    }
  }
  const sorted = [...next].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const onlyPrevious = sorted.filter(([, { previous }]) => previous).map(([partition]) => partition);
  const remarks =
    onlyPrevious.length === 0
      ? []
      : [
          `partitions whose offset stands in offsets-previous (no newer data in the last run): ${onlyPrevious.slice(0, 20).join(', ')}`,
        ];
  return {
    next: Object.fromEntries(sorted.map(([partition, { offset }]) => [partition, offset.toString()])),
    remarks,
    sharing: [...sharing],
  };
}

/** Camus writes both into the same folders, under the same names. */
function sharesFolder(a: string, b: string): boolean {
  return camusTopicFolder(a) === camusTopicFolder(b);
}

async function keysOf(tree: ArchiveTree, file: ArchiveEntry, signal: AbortSignal): Promise<EtlKey[]> {
  const source = tree.open(file);
  try {
    const keys = await readOffsetsFile(source);
    await source.verify(signal);
    for (const key of keys)
      if (key.offset < 0n || key.partition < 0)
        throw new LayoutError(
          'history-unusable',
          `${file.path}: topic ${key.topic} has partition ${key.partition} at offset ${key.offset}, which no consumer can start from. Remove the execution, or give it a right one.`,
          { path: file.path },
        );
    return keys;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new LayoutError(
      'history-unusable',
      `${error.describe(file.path)}. No offset of this execution was used: repair or remove the file.`,
      { path: file.path, ...error.facts, cause: undefined },
    );
  }
}
