import type { ArchiveLayout, ArchivePlace, FileFacts } from '../archive-layout.ts';
import { comparePlaces, isDataFile, isDataFolder, manifestPlace, parseArchiveName } from './archive-names.ts';
import { entryName } from '../archive-tree.ts';
import { besideInput } from './beside-input.ts';
import { givenUpRecords } from './given-up.ts';
import { newestEntry } from './execution-history.ts';
import { bucketOf, bucketTimes, dated, folderTimes } from './folder-times.ts';
import { pinOffsets } from './pin-offsets.ts';
import { camusInput, camusTopicFolder } from './topic-folder.ts';

/**
 * LinkedIn's Camus, for Kafka 0.8 and 0.7: DEST/TOPIC/SUBDIR/YYYY/MM/dd/HH/TOPIC.BROKER.PARTITION.COUNT.OFFSET.BUCKET,
 * and EXEC/base/history/EXECUTION with the offsets.
 */
export const camus: ArchiveLayout = {
  writer: 'Camus',
  places: ['dest', 'subDir', 'input', 'exec', 'history'],
  input: ({ dest, subDir }, topic) => (dest === undefined ? undefined : camusInput(dest, subDir, topic)),
  isData: isDataFile,
  isDataFolder,
  facts,
  nameShape: (topic) => `${camusTopicFolder(topic)}.BROKER.PARTITION.COUNT.OFFSET.BUCKET`,
  span: (path, topic, clock) => {
    const { folder } = manifestPlace(path);
    const start = facts(path, topic)?.bucketStartMs;
    const bucket = start === undefined ? undefined : bucketTimes(start, folder, clock);
    if (bucket !== undefined) return { ...bucket, by: 'name' };
    const times = folderTimes(folder, clock);
    return times === undefined ? undefined : { ...times, by: 'folder' };
  },
  bucket: (path, topic, clock) => {
    const start = facts(path, topic)?.bucketStartMs;
    return start === undefined ? undefined : bucketOf(start, manifestPlace(path).folder, clock);
  },
  inOrder: (files) =>
    files
      .map((file) => ({ file, place: manifestPlace(file.path) }))
      .sort((a, b) => comparePlaces(a.place, b.place))
      .map(({ file }) => file),
  dated,
  beside: besideInput,
  history: {
    needs: "archive.exec or archive.history: the offsets of offsets.group are read from Camus's execution history",
    folder: historyFolder,
    newest: newestEntry,
    pin: pinOffsets,
    givenUp: givenUpRecords,
  },
};

function facts(path: string, topic: string): FileFacts | undefined {
  const named = parseArchiveName(entryName(path));
  if (named?.topic !== camusTopicFolder(topic)) return undefined;
  const { node: broker, ...rest } = named;
  return { ...rest, broker, offsetsCountRecords: named.bucketStartMs !== undefined };
}

function historyFolder({ history, exec }: ArchivePlace): string | undefined {
  return history ?? (exec === undefined ? undefined : `${exec}/base/history`);
}
