import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { forgetTakenUp } from './decision/placing-folder.ts';
import { forgetDiscarded } from './history/discarded-runs.ts';
import { readHistoryFolder } from './history/history-folder.ts';
import { pruneExecutions } from './history/prune-executions.ts';
import type { TidiedArchive, TidyInput } from './steps.ts';

/** Decisions that stay: whoever asks how the last runs went finds them, and a worker that slept finds its place taken. */
const DECISIONS_KEPT = 20;

/** Removes the run's own folder, executions that are older than the job wants to keep them, and old decisions. */
export function tidyArchive(deps: Dependencies) {
  return async (
    { job, keepExecutions = false }: TidyInput,
    { signal, progress }: StepContext,
  ): Promise<TidiedArchive> => {
    const store = deps.hdfs(job.connections.hdfs);
    const folders = new ArchiveFolders(job);
    await store.delete(folders.staging, { recursive: true, signal });
    const { executions } = await readHistoryFolder(store, job.history, signal);
    await forgetTakenUp(store, folders.staging, executions.at(-1), signal);
    const pruned = keepExecutions ? [] : await pruneExecutions(store, job, executions, signal, progress);
    await pruneDecisions(store, folders.decisions, signal);
    await forgetDiscarded(store, folders, { recorded: true, now: Date.now() }, signal);
    return { pruned: pruned.length };
  };
}

async function pruneDecisions(store: FileStore, folder: string, signal: AbortSignal): Promise<void> {
  const names: string[] = [];
  try {
    for await (const { path } of store.list(folder, signal)) names.push(baseName(path));
  } catch (error) {
    if (error instanceof ConnectionError && error.fault === 'not-found') return;
    throw error;
  }
  // Named after what they follow, they sort by time.
  const followed = new Set(names.flatMap((name) => /^(\d.*?)(?:\.\d+)?\.jsonl$/.exec(name)?.[1] ?? []));
  for (const predecessor of [...followed].sort().slice(0, -DECISIONS_KEPT))
    for (const name of names.filter((each) => each.startsWith(`${predecessor}.`)))
      await store.delete(`${folder}/${name}`, { signal });
}
