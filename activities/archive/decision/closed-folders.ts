import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';

/** What is to be placed. */
export interface FileToPlace {
  topic: string;
  target: string;
  length: number;
}

const AT_ONCE = 16;

/**
 * Topics whose files could not be renamed to where they belong, with the reason: the worker's user may not write there,
 * or the topic's own folder has a quota that they would pass. Better known before the decision, which must be finished,
 * than after it.
 */
export async function closedFolders(
  store: FileStore,
  dest: string,
  files: readonly FileToPlace[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const closed = await unwritable(store, files, signal);
  const byTopic = new Map<string, FileToPlace[]>();
  for (const file of files)
    if (!closed.has(file.topic)) byTopic.set(file.topic, [...(byTopic.get(file.topic) ?? []), file]);
  await eachAtOnce(byTopic, AT_ONCE, async ([topic, its]) => {
    const folder = writtenLayout().topicFolder(dest, topic);
    const why = await fullBy(store, folder, its, signal);
    if (why !== undefined) closed.set(topic, closedText(topic, folder, why));
  });
  return closed;
}

async function unwritable(
  store: FileStore,
  files: readonly FileToPlace[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const folders = new Map(files.map(({ topic, target }) => [parentPath(target) ?? '/', topic]));
  const refused = new Map<string, string>();
  await eachAtOnce(folders, AT_ONCE, async ([folder, topic]) => {
    try {
      await store.makeDirectory(folder, signal);
      if ((await store.mayWriteTo(folder, signal)) !== false) return;
      refused.set(topic, closedText(topic, folder, 'the worker has no right to write there'));
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.retryable) throw error;
      refused.set(topic, closedText(topic, folder, error.message));
    }
  });
  return refused;
}

/** Quotas above the topic's folder count the files already: they are in the run's folder below DEST. */
async function fullBy(
  store: FileStore,
  folder: string,
  files: readonly FileToPlace[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const { names, bytes } = await store.quotasOn(folder, signal);
  if (names !== undefined && names.used + files.length > names.most)
    return `its quota of ${names.most} names has room for ${Math.max(0, names.most - names.used)}, and ${files.length} files come`;
  if (bytes === undefined) return undefined;
  const { replication = 1 } = await store.space(folder, signal);
  const coming = files.reduce((sum, { length }) => sum + length, 0) * replication;
  if (bytes.used + coming <= bytes.most) return undefined;
  return `its space quota of ${bytes.most} bytes has room for ${Math.max(0, bytes.most - bytes.used)}, and ${coming} come, every copy counted`;
}

function closedText(topic: string, folder: string, why: string): string {
  return `${topic}: ${folder} can't be written to: ${why}. Nothing of the topic was archived; the next run makes up for it`;
}
