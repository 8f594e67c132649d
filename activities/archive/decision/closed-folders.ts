import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';
import { probeFolders } from './probe-folders.ts';

/** What is to be placed. */
export interface FileToPlace {
  topic: string;
  target: string;
  length: number;
}

const AT_ONCE = 16;

/**
 * Topics whose files could not be renamed to where they belong, with the reason: the worker's user may not write there,
 * the topic's own folder has a quota that they would pass, or a rename there is refused, as into another encryption zone.
 * Better known before the decision, which must be finished, than after it. Topics whose names differ by a dot share a
 * folder, its rights and its quotas.
 */
export async function closedFolders(
  store: FileStore,
  { dest, staging }: { dest: string; staging: string },
  files: readonly FileToPlace[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const closed = await unwritable(store, files, signal);
  const byFolder = new Map<string, Map<string, Coming>>();
  for (const { topic, length } of files) {
    if (closed.has(topic)) continue;
    const folder = writtenLayout().topicFolder(dest, topic);
    const topics = byFolder.get(folder) ?? new Map<string, Coming>();
    const { names, bytes } = topics.get(topic) ?? { names: 0, bytes: 0 };
    byFolder.set(folder, topics.set(topic, { names: names + 1, bytes: bytes + length }));
  }
  await eachAtOnce(byFolder, AT_ONCE, async ([folder, topics]) => {
    for (const [topic, why] of await beyondQuotas(store, folder, topics, signal))
      closed.set(topic, closedText(topic, folder, why));
  });
  const tried = firstFolders(files.filter(({ topic }) => !closed.has(topic)));
  const refused = await probeFolders(store, tried.keys(), staging, { atOnce: AT_ONCE, signal });
  for (const [folder, why] of refused)
    for (const topic of tried.get(folder)!) closed.set(topic, closedText(topic, folder, why));
  return closed;
}

/** One folder for each topic, and the topics that have the same; the same ones whoever decides. */
function firstFolders(files: readonly FileToPlace[]): Map<string, string[]> {
  const first = new Map<string, string>();
  for (const { topic, target } of files) {
    const folder = parentPath(target) ?? '/';
    const known = first.get(topic);
    if (known === undefined || folder < known) first.set(topic, folder);
  }
  const byFolder = new Map<string, string[]>();
  for (const [topic, folder] of first) byFolder.set(folder, [...(byFolder.get(folder) ?? []), topic]);
  return byFolder;
}

/** What a topic's files take of quotas, without copies. */
interface Coming {
  names: number;
  bytes: number;
}

async function unwritable(
  store: FileStore,
  files: readonly FileToPlace[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const folders = new Map<string, Set<string>>();
  for (const { topic, target } of files) {
    const folder = parentPath(target) ?? '/';
    folders.set(folder, (folders.get(folder) ?? new Set()).add(topic));
  }
  const refused = new Map<string, string>();
  const refuse = (folder: string, topics: Iterable<string>, why: string): void => {
    for (const topic of topics) refused.set(topic, closedText(topic, folder, why));
  };
  await eachAtOnce(folders, AT_ONCE, async ([folder, topics]) => {
    try {
      await store.makeDirectory(folder, signal);
      if ((await store.mayWriteTo(folder, signal)) === false)
        refuse(folder, topics, 'the worker has no right to write there');
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.retryable) throw error;
      refuse(folder, topics, error.message);
    }
  });
  return refused;
}

/**
 * Topics of a folder for which its quotas have no room beside those before them. Quotas above it count the files already:
 * they are in the run's folder below DEST.
 */
async function beyondQuotas(
  store: FileStore,
  folder: string,
  topics: ReadonlyMap<string, Coming>,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const beyond = new Map<string, string>();
  const { names, bytes } = await store.quotasOn(folder, signal);
  if (names === undefined && bytes === undefined) return beyond;
  const { replication = 1 } = bytes === undefined ? {} : await store.space(folder, signal);
  let [usedNames, usedBytes] = [names?.used ?? 0, bytes?.used ?? 0];
  for (const [topic, coming] of topics) {
    const comingBytes = coming.bytes * replication;
    if (names !== undefined && usedNames + coming.names > names.most)
      beyond.set(
        topic,
        `its quota of ${names.most} names has room for ${Math.max(0, names.most - usedNames)}, and ${coming.names} files come`,
      );
    else if (bytes !== undefined && usedBytes + comingBytes > bytes.most)
      beyond.set(
        topic,
        `its space quota of ${bytes.most} bytes has room for ${Math.max(0, bytes.most - usedBytes)}, and ${comingBytes} come, every copy counted`,
      );
    else {
      usedNames += coming.names;
      usedBytes += comingBytes;
    }
  }
  return beyond;
}

function closedText(topic: string, folder: string, why: string): string {
  return `${topic}: ${folder} can't be written to: ${why}. Nothing of the topic was archived; the next run makes up for it`;
}
