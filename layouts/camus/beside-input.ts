import type { ArchivePlace } from '../archive-layout.ts';
import { EntryGone, entryName, type ArchiveTree } from '../archive-tree.ts';
import { isDataFolder } from './archive-names.ts';
import { camusTopicFolder, HOURLY } from './topic-folder.ts';

/** Folders of DEST/TOPIC other than the one that is read: days beside hours, or what another program made of them. */
export async function besideInput(
  tree: ArchiveTree,
  { dest, subDir = HOURLY, input }: ArchivePlace,
  topic: string,
  signal?: AbortSignal,
): Promise<string[]> {
  if (dest === undefined || input !== undefined) return [];
  const [read = ''] = subDir.split('/');
  const folders: string[] = [];
  try {
    for await (const { kind, path } of tree.list(`${dest}/${camusTopicFolder(topic)}`, signal)) {
      const name = entryName(path);
      if (kind === 'directory' && isDataFolder(name) && name !== read) folders.push(path);
    }
  } catch (error) {
    if (!(error instanceof EntryGone)) throw error;
  }
  return folders;
}
