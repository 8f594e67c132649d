import type { OddName } from '../archive-layout.ts';
import { entryName } from '../archive-tree.ts';
import { impossible, parseCommittedName } from './committed-name.ts';
import { folderOf, folderPartition } from './partitioner-folders.ts';

/** What is wrong with the name of a file of data that the sink would not have given it. */
export function oddName(path: string, topic: string): OddName | undefined {
  const named = parseCommittedName(entryName(path));
  if (named === undefined)
    return {
      what: `named other than ${topic}+PARTITION+FIRST+LAST.EXTENSION: read, though nothing tells the offsets`,
      refuse: false,
    };
  const wrong = impossible(named);
  if (wrong !== undefined)
    return { what: `${wrong}. The sink writes no such name: remove the file, or narrow archive.input.`, refuse: true };
  if (named.topic !== topic)
    return {
      what: `by its name a file of the topic ${named.topic}, and ${topic} is replayed. Move it to where it belongs, or narrow archive.input.`,
      refuse: true,
    };
  const folder = folderPartition(folderOf(path));
  if (folder === undefined || folder === named.partition) return undefined;
  return {
    what: 'of another partition by the name than by the folder partition=N: the name counts',
    refuse: false,
  };
}
