import type { ArchivePlace, OffsetHistory, PinRequest } from '../archive-layout.ts';
import { EntryGone, entryName, type ArchiveEntry, type ArchiveTree } from '../archive-tree.ts';
import { LayoutError } from '../layout-error.ts';
import { OffsetRanges, rangeText } from '../offset-ranges.ts';
import { partitionKey, type PinnedOffsets } from '../pinned-offsets.ts';
import { impossible, MAX_INT64, parseCommittedName } from './committed-name.ts';
import { topicFolder } from './topic-folder.ts';

/** Holes that are named; a number stands for the others. */
const NAMED = 10;

/**
 * The offsets that names tell: one past the last of each partition, where the sink itself goes on when it starts. It
 * keeps no history, so whatever the names lack between the first offset and the last is a hole.
 */
export const offsetsOfNames: OffsetHistory = {
  needs: 'archive.dest or archive.history (the folder of the topic): the offsets of offsets.group are read from names',
  folder: (archive: ArchivePlace, topic) => archive.history ?? topicFolder(archive, topic),
  // Names of all files tell which were there when the offsets were pinned.
  newest: async (_tree, folder) => entryName(folder),
  pin,
  givenUp: async () => new Map(),
};

async function pin(tree: ArchiveTree, request: PinRequest, signal: AbortSignal): Promise<PinnedOffsets> {
  const { folder, topic, required, partitions } = request;
  const ranges = new Map<number, OffsetRanges>();
  let endedAt: number | undefined;
  for await (const { path, modifiedAt } of filesBelow(tree, folder, signal)) {
    const named = parseCommittedName(entryName(path));
    if (named?.topic !== topic || impossible(named) !== undefined) continue;
    const known = ranges.get(named.partition) ?? new OffsetRanges();
    known.add(named.first, named.last + 1n);
    ranges.set(named.partition, known);
    endedAt = Math.max(endedAt ?? modifiedAt, modifiedAt);
  }
  if (ranges.size === 0 && required)
    throw new LayoutError(
      'offsets-missing',
      `Below ${folder} is no file named ${topic}+PARTITION+FIRST+LAST.EXTENSION, so no offset is known to commit. Check archive.dest, archive.topicsDir (Kafka Connect's topics.dir) and the topic's name.`,
      { path: folder, topic },
    );
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const remarks = holesOf(sorted, request);
  const next = sorted.map(([partition, { next: end = 0n }]) => [partitionKey(partitions, '', partition), end] as const);
  const beyond = next.find(([, end]) => end > MAX_INT64);
  if (beyond !== undefined && required)
    throw new LayoutError(
      'history-unusable',
      `The last offset of partition ${beyond[0]} is ${MAX_INT64}, behind which Kafka has no offset to go on from.`,
      { path: folder, topic },
    );
  return {
    execution: folder,
    // Whatever is committed later reaches beyond the pinned offsets, however long ago its file was closed.
    startedAt: -1,
    ...(endedAt === undefined ? {} : { endedAt }),
    next: Object.fromEntries(next.map(([key, end]) => [key, end.toString()])),
    boundaries: {},
    remarks: [...remarks, ...(await uncommitted(tree, folder, signal))],
  };
}

/** Whoever goes on behind a hole never sees its records: an error, unless the job says that it may be. */
function holesOf(sorted: [number, OffsetRanges][], { required, holes: policy, folder, topic }: PinRequest): string[] {
  const all = sorted.flatMap(([partition, ranges]) => ranges.holes().map((hole) => ({ partition, hole })));
  if (all.length === 0) return [];
  const named = all.slice(0, NAMED).map(({ partition, hole }) => `partition ${partition}: ${rangeText(hole)}`);
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  const list = `${named.join('; ')}${more}`;
  if (required && policy === 'fail')
    throw new LayoutError(
      'records-missing',
      `No file below ${folder} has these offsets of ${topic}: ${list}. A consumer that goes on behind them would never see their records. Bring the files back; where they are markers of transactions, records that compaction removed, or null values that the sink left out, set archive.missing to "report" to commit the offsets all the same.`,
      { path: folder, topic, holes: named },
    );
  return [`no file has these offsets: ${list}`];
}

/** What the sink was writing: it is still at it, or ended without tidying. */
async function uncommitted(tree: ArchiveTree, folder: string, signal: AbortSignal): Promise<string[]> {
  const slash = folder.lastIndexOf('/');
  const temporary = `${folder.slice(0, slash)}/+tmp/${folder.slice(slash + 1)}`;
  try {
    for await (const { path } of filesBelow(tree, temporary, signal))
      return [
        `${temporary} has files that Kafka Connect has not committed, such as ${entryName(path)}: it is running, or ended without tidying. Their records are not in the archive, and beyond its offsets if the sink committed all files that it had begun to commit; stop it, or start it once more, before offsets are handed over`,
      ];
  } catch (error) {
    if (!(error instanceof EntryGone)) throw error;
  }
  return [];
}

/** Files of a folder and of all below it; memory holds the paths of folders. */
async function* filesBelow(tree: ArchiveTree, root: string, signal: AbortSignal): AsyncGenerator<ArchiveEntry> {
  if ((await tree.status(root, signal))?.kind !== 'directory') return;
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop())
    for await (const entry of tree.list(folder, signal)) {
      if (entry.kind === 'file') yield entry;
      else if (!/^[_.]|^\+tmp$/.test(entryName(entry.path))) pending.push(entry.path);
    }
}
