import { randomUUID } from 'node:crypto';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';

/** Hidden, so that no reader takes one for data that a dead worker has left; whoever tries the folder next deletes it. */
export const PROBE = '.rewind-probe';

/**
 * Folders that an empty file of the run's folder can't be renamed to, with the reason: no right and no quota tells of
 * encryption zones and mounts, and a rename across them is refused for ever. It goes from one folder to the next and back.
 *
 * @param own - folder of the run, for the files that are tried with
 * @param atOnce - folders that are tried at once, each with a file of its own
 */
export async function probeFolders(
  store: FileStore,
  folders: Iterable<string>,
  own: string,
  { atOnce, signal }: { atOnce: number; signal: AbortSignal },
): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  const idle: string[] = [];
  await eachAtOnce(folders, atOnce, async (folder) => {
    const probe = idle.pop() ?? (await newProbe(store, own, signal));
    // Where none can be made, as under a quota of names, nothing can be tried.
    if (probe === undefined) return;
    const { why, isBack } = await tryFolder(store, probe, `${folder}/${PROBE}`, signal);
    if (why !== undefined) refused.set(folder, why);
    if (isBack) idle.push(probe);
  });
  return refused;
}

async function newProbe(store: FileStore, own: string, signal: AbortSignal): Promise<string | undefined> {
  const path = `${own}/probes/${randomUUID()}`;
  const made = await unlessFinal(() => store.write(path, [], { signal }));
  return made instanceof ConnectionError ? undefined : path;
}

/** Why a file can't be renamed to `target`, where it can't; and whether it is where it was. */
async function tryFolder(
  store: FileStore,
  probe: string,
  target: string,
  signal: AbortSignal,
): Promise<{ why?: string; isBack: boolean }> {
  let moved = await unlessFinal(() => store.rename(probe, target, signal));
  if (moved === false) {
    // An attempt before this one, or beside it, has its own there.
    await deleteProbe(store, target, signal);
    moved = await unlessFinal(() => store.rename(probe, target, signal));
  }
  if (moved instanceof ConnectionError) return { why: moved.message, isBack: true };
  if (moved && (await unlessFinal(() => store.rename(target, probe, signal))) === true) return { isBack: true };
  if (moved) await deleteProbe(store, target, signal);
  return { isBack: false };
}

/** Deletes what is a probe by its length, too. */
async function deleteProbe(store: FileStore, path: string, signal: AbortSignal): Promise<void> {
  const found = await store.status(path, signal);
  if (found?.kind === 'file' && found.length === 0) await unlessFinal(() => store.delete(path, { signal }));
}

/** What `call` gives, or what it is refused with for good. */
async function unlessFinal<T>(call: () => Promise<T>): Promise<T | ConnectionError> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.retryable) throw error;
    return error;
  }
}
