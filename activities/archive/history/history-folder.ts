import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { JobError } from '../../step/job-error.ts';

/** What stands in HISTORY. */
export interface HistoryFolder {
  /** Names of executions, oldest first. */
  executions: string[];
  /** Entries that are no executions; Camus prunes them first, since they sort before the dates. */
  others: string[];
}

/**
 * Reads the names in HISTORY; a folder that isn't there has none.
 *
 * @throws JobError 'history-unusable' for an entry that sorts behind all executions: Camus would take it for the newest
 */
export async function readHistoryFolder(store: FileStore, path: string, signal: AbortSignal): Promise<HistoryFolder> {
  const executions: string[] = [];
  const others: string[] = [];
  try {
    for await (const entry of store.list(path, signal)) {
      const name = baseName(entry.path);
      const isExecution = entry.kind === 'directory' && writtenLayout().executionStart(name) !== undefined;
      (isExecution ? executions : others).push(name);
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  executions.sort();
  const last = executions.at(-1);
  const behind = others.find((name) => (last === undefined ? name > '0' : name > last));
  if (behind !== undefined)
    throw new JobError(
      'history-unusable',
      `${path} holds ${behind}, which is no execution and sorts behind ${last ?? 'every execution to come'}: Camus and Camus2Kafka take the last entry for the newest execution. Move it out of the history, then start the archive again.`,
      { path: `${path}/${behind}` },
    );
  return { executions, others };
}
