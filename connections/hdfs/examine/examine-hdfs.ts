import { ConnectionError } from '../../connection-error.ts';
import { faultOf, type Tell } from '../../finding.ts';
import type { HdfsConfig } from '../config.ts';
import type { FileStore } from '../file-store.ts';
import { joinPath } from '../hdfs-path.ts';
import { nearestExisting } from '../nearest-existing.ts';
import { openFileStore } from '../open-file-store.ts';
import { examineNameNodes } from './examine-name-nodes.ts';
import { tellSpace } from './staging-space.ts';
import { tryStaging } from './try-staging.ts';

export interface HdfsQuestions {
  /** Folder of jobs' own files. @default `.rewind` in the home directory of the login */
  staging?: string | undefined;
  /** Files and folders that are read; a folder is listed. */
  reads: readonly string[];
  /** Folders in which entries are made, which need not be there yet. */
  writes: readonly string[];
}

/** Reaches every NameNode, and asks for rights and room: what can only be done is done in a scratch folder. */
export async function examineHdfs(
  config: HdfsConfig,
  { staging, reads, writes }: HdfsQuestions,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  if (!(await examineNameNodes(config, tell, signal))) return;
  const store = openFileStore(config);
  try {
    const folder = staging ?? joinPath(await store.homeDirectory(signal), '.rewind');
    await tryStaging(store, folder, tell, signal);
    await tellSpace(store, folder, tell, signal);
    for (const path of reads) await tryReading(store, path, tell, signal);
    for (const path of writes) await askToWrite(store, path, tell, signal);
  } catch (error) {
    signal.throwIfAborted();
    tell(faultOf('rights', error));
  } finally {
    await store.close();
  }
}

async function tryReading(store: FileStore, path: string, tell: Tell, signal: AbortSignal): Promise<void> {
  try {
    const status = await store.status(path, signal);
    if (status === undefined) {
      const there = await nearestExisting(store, path, signal);
      const says = `${path} is not there; what is there of it is ${there}`;
      return tell({ about: 'rights', verdict: 'warning', says, remedy: 'check the path in the job' });
    }
    if (status.kind === 'file') await store.read(path, 0, Math.min(1, status.length), signal);
    else for await (const _ of store.list(path, signal)) break;
    tell({ about: 'rights', verdict: 'fine', says: `${path}: read` });
  } catch (error) {
    tell({ ...faultOf('rights', error), ...granted(error, `hdfs dfs -setfacl -R -m user:USER:r-x ${path}`) });
  }
}

async function askToWrite(store: FileStore, path: string, tell: Tell, signal: AbortSignal): Promise<void> {
  try {
    const folder = await nearestExisting(store, path, signal);
    const may = await store.mayWriteTo(folder, signal);
    if (may === undefined)
      return tell({ about: 'rights', verdict: 'untold', says: `${folder}: this HDFS can't be asked for rights` });
    const what = folder === path ? path : `${path}, which is to be made in ${folder}`;
    if (may) return tell({ about: 'rights', verdict: 'fine', says: `${what}: write` });
    tell({
      about: 'rights',
      verdict: 'fault',
      says: `${what}: the login may not make entries there`,
      remedy: `hdfs dfs -mkdir -p ${path}; hdfs dfs -chown USER ${path}`,
    });
  } catch (error) {
    signal.throwIfAborted();
    tell(faultOf('rights', error));
  }
}

function granted(error: unknown, remedy: string): { remedy?: string } {
  return error instanceof ConnectionError && error.fault === 'denied' ? { remedy } : {};
}
