import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';

/**
 * What HDFS knows of posted counts, since Kafka forgets a position that nobody has committed for a week: empty files
 * named after the execution, `posting` before its transaction and `posted` behind it.
 */
export interface AuditMarks {
  /** The newest execution whose counts are out for certain; undefined before there is one. */
  posted: string | undefined;
  /** Executions behind it whose transaction was begun. */
  posting: Set<string>;
}

export async function readMarks(store: FileStore, folder: string, signal: AbortSignal): Promise<AuditMarks> {
  const posting = new Set<string>();
  let posted: string | undefined;
  try {
    for await (const { path } of store.list(folder, signal)) {
      const [execution, mark] = baseName(path).split('.');
      if (execution === undefined) continue;
      if (mark === 'posting') posting.add(execution);
      if (mark === 'posted' && (posted === undefined || execution > posted)) posted = execution;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  for (const execution of posting) if (posted !== undefined && execution <= posted) posting.delete(execution);
  return { posted, posting };
}

export async function mark(
  store: FileStore,
  folder: string,
  execution: string,
  as: keyof AuditMarks,
  signal: AbortSignal,
): Promise<void> {
  await store.write(`${folder}/${execution}.${as}`, [], { overwrite: true, signal });
}

/** Deletes the marks of executions before the newest that is posted, and what it no longer needs. */
export async function tidyMarks(store: FileStore, folder: string, signal: AbortSignal): Promise<void> {
  const { posted } = await readMarks(store, folder, signal);
  if (posted === undefined) return;
  const old: string[] = [];
  for await (const { path } of store.list(folder, signal)) {
    const [execution = '', as] = baseName(path).split('.');
    if (execution < posted || (execution === posted && as === 'posting')) old.push(path);
  }
  for (const path of old) await store.delete(path, { signal });
}
