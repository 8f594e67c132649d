import type { OffsetHistory } from '../../../layouts/archive-layout.ts';
import { entryName, type ArchiveEntry, type ArchiveTree } from '../../../layouts/archive-tree.ts';
import { LayoutError } from '../../../layouts/layout-error.ts';

/** DEST/.runs/MS.json: by topic and partition the next offset after the run that began then. */
export const ledgerHistory: OffsetHistory = {
  needs: 'archive.dest',
  folder: ({ dest }) => (dest === undefined ? undefined : `${dest}/.runs`),
  newest: async (tree, folder) => {
    const newest = await newestRun(tree, folder);
    return newest && entryName(newest.path);
  },
  givenUp: async () => new Map(),
  pin: async (tree, { folder, topic }) => {
    const run = await newestRun(tree, folder);
    if (run === undefined) throw new LayoutError('history-missing', `${folder} holds no run`);
    const bytes = await tree.open(run).read(0, run.length);
    const topics = JSON.parse(Buffer.from(bytes).toString()) as Record<string, Record<string, string>>;
    const next = topics[topic] ?? {};
    const boundaries = Object.fromEntries(Object.entries(next).map(([partition, offset]) => [partition, [offset]]));
    return { execution: run.path, startedAt: Number.parseInt(entryName(run.path)), next, boundaries, remarks: [] };
  },
};

async function newestRun(tree: ArchiveTree, folder: string): Promise<ArchiveEntry | undefined> {
  let newest: ArchiveEntry | undefined;
  for await (const entry of tree.list(folder)) newest = entry;
  return newest;
}
