import { randomUUID } from 'node:crypto';
import { ConnectionError } from '../../connection-error.ts';
import { faultOf, type Tell } from '../../finding.ts';
import type { FileStore } from '../file-store.ts';
import { baseName, joinPath, parentPath } from '../hdfs-path.ts';
import { nearestExisting } from '../nearest-existing.ts';

const SCRATCH = 'rewind-doctor-';
/** What a look that was killed has left is deleted by one that comes so much later. */
const LEFT_OVER_MS = 3_600_000;

/**
 * Does in a scratch folder below `folder` what a job does in its own: makes it, writes a file by a DataNode, reads it,
 * renames it, and deletes all of it, the parents included that had to be made.
 */
export async function tryStaging(store: FileStore, folder: string, tell: Tell, signal: AbortSignal): Promise<void> {
  const scratch = joinPath(folder, `${SCRATCH}${randomUUID()}`);
  let doing = 'find the folder';
  let before: string | undefined;
  try {
    before = await nearestExisting(store, folder, signal);
    doing = 'make a folder';
    await store.makeDirectory(scratch, signal, '700');
    const [from, to] = [joinPath(scratch, 'written'), joinPath(scratch, 'renamed')];
    const bytes = Buffer.from('rewind doctor');
    doing = 'write a file';
    await store.write(from, [bytes], { rights: '600', signal });
    doing = 'read a file back';
    const read = await store.read(from, 0, bytes.length, signal);
    if (!bytes.equals(read))
      throw new ConnectionError('changed', `${from}: other bytes came back than were written; look at the DataNodes`);
    doing = 'rename a file';
    if (!(await store.rename(from, to, signal)))
      throw new ConnectionError('refused', `${from} could not be renamed to ${to}; look into the NameNode's log`);
    doing = 'delete the folder';
    await store.delete(scratch, { recursive: true, signal });
    tell({ about: 'rights', verdict: 'fine', says: `${folder}: create, write, read, rename and delete were done` });
    await deleteLeftOver(store, folder, signal);
    await deleteMade(store, folder, before, signal);
  } catch (error) {
    signal.throwIfAborted();
    const fault = faultOf('rights', error);
    const denied = error instanceof ConnectionError && error.fault === 'denied';
    const at = denied ? await nearestExisting(store, folder, signal) : folder;
    tell({
      ...fault,
      says: `${folder}: can't ${doing}: ${fault.says}`,
      ...(denied && {
        remedy: `give the worker's user the folder: hdfs dfs -mkdir -p ${folder}; hdfs dfs -chown USER ${folder} (what is there now is ${at})`,
      }),
    });
  } finally {
    if (!signal.aborted) await store.delete(scratch, { recursive: true, signal }).catch(() => false);
  }
}

async function deleteLeftOver(store: FileStore, folder: string, signal: AbortSignal): Promise<void> {
  for await (const { path, modifiedAt } of store.list(folder, signal))
    if (baseName(path).startsWith(SCRATCH) && Date.now() - modifiedAt > LEFT_OVER_MS)
      await store.delete(path, { recursive: true, signal });
}

/** Deletes the folders that were made for the scratch folder, unless somebody has put something there meanwhile. */
async function deleteMade(store: FileStore, folder: string, before: string, signal: AbortSignal): Promise<void> {
  try {
    for (let made = folder; made !== before && made !== '/'; made = parentPath(made) ?? '/')
      await store.delete(made, { signal });
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'refused') throw error;
  }
}
