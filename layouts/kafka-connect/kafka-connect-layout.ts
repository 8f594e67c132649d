import type { ArchiveLayout, FileFacts } from '../archive-layout.ts';
import { entryName } from '../archive-tree.ts';
import { impossible, parseCommittedName } from './committed-name.ts';
import { oddName } from './odd-name.ts';
import { offsetsOfNames } from './offsets-of-names.ts';
import { folderOf, folderPartition, folderSpan } from './partitioner-folders.ts';
import { connectInput } from './topic-folder.ts';

/**
 * Kafka Connect's HDFS sink: DEST/TOPICSDIR/TOPIC/PARTITIONER.../TOPIC+PARTITION+FIRST+LAST.EXTENSION. There is no
 * history: like the sink itself, a reader goes on behind the largest last offset in a name.
 */
export const kafkaConnect: ArchiveLayout = {
  writer: 'Kafka Connect',
  places: ['dest', 'topicsDir', 'subDir', 'input', 'history'],
  input: connectInput,
  isData,
  isDataFolder: (name) => !/^[_.]|^\+tmp$/.test(name),
  facts,
  odd: oddName,
  nameShape: (topic) => `${topic}+PARTITION+FIRST+LAST.EXTENSION`,
  span: (path, _topic, clock) => folderSpan(folderOf(path), clock),
  inOrder: (files) =>
    files
      .map((file) => ({ file, folder: folderOf(file.path), name: entryName(file.path) }))
      .sort((a, b) => compare(a.folder, b.folder) || compare(a.name, b.name))
      .map(({ file }) => file),
  // A folder for each value of a field may have all days.
  dated: () => undefined,
  beside: async () => [],
  history: offsetsOfNames,
};

/**
 * Not what the sink has not committed yet (`+tmp/.../UUID_tmp.EXTENSION`), and not its own log of commits
 * (`logs/TOPIC/PARTITION/log`, `log.1`).
 */
function isData(name: string): boolean {
  return !/^[_.]|^\+tmp$|\.tmp$|_tmp(\.\w+)*$|_COPYING_$|^log(\.\d+)?$/.test(name);
}

function facts(path: string, topic: string): FileFacts | undefined {
  const named = parseCommittedName(entryName(path));
  if (named?.topic !== topic || impossible(named) !== undefined) return undefined;
  const { partition, first, last } = named;
  return {
    topic,
    partition,
    firstOffset: first,
    nextOffset: last + 1n,
    alone: folderPartition(folderOf(path)) === partition,
    offsetsCountRecords: true,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
