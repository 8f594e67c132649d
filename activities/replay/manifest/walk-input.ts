import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { expandGlob } from '../../../connections/hdfs/glob/glob.ts';
import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';

/**
 * The files that a glob stands for, folder by folder in the order of the folders' paths: files that match, and all
 * files below folders that match (names of no data apart), one array a folder, or several where it has more than
 * `filesAtOnce`. Memory holds the paths of the folders and the entries of one array.
 */
export async function* walkInput(
  store: FileStore,
  glob: string,
  { isDataFolder, filesAtOnce = Infinity }: Pick<ArchiveLayout, 'isDataFolder' | 'filesAtOnce'>,
  signal?: AbortSignal,
): AsyncGenerator<FileStatus[]> {
  const folders: string[] = [];
  const matched = new Map<string, FileStatus[]>();
  for await (const status of expandGlob(store, glob, signal)) {
    if (status.kind === 'directory') {
      folders.push(status.path);
      continue;
    }
    const parent = parentPath(status.path) ?? '/';
    const siblings = matched.get(parent);
    if (siblings === undefined) matched.set(parent, [status]);
    else siblings.push(status);
  }
  const whole = new Set(folders);
  const pending = [...new Set([...folders, ...matched.keys()])].sort(byCodeUnits).reverse();
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (!whole.has(folder)) {
      yield matched.get(folder) ?? [];
      continue;
    }
    let files: FileStatus[] = [];
    for await (const entry of store.list(folder, signal)) {
      if (entry.kind === 'file') {
        files.push(entry);
        if (files.length < filesAtOnce) continue;
        yield files;
        files = [];
      } else if (isDataFolder(baseName(entry.path)) && !whole.has(entry.path)) {
        whole.add(entry.path);
        insert(pending, entry.path);
      }
    }
    yield files;
  }
}

/** Keeps `pending` (last first) in order: folders found on the way come after the one they are in. */
function insert(pending: string[], folder: string): void {
  let at = pending.length;
  while (at > 0 && byCodeUnits(pending[at - 1] ?? '', folder) < 0) at -= 1;
  pending.splice(at, 0, folder);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
