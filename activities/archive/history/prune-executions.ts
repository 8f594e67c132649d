import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { ArchiveJob } from '../job/archive-job.ts';

const DAY_MS = 86_400_000;

/**
 * Deletes executions that are more than the job keeps, or older; and as Camus does, the oldest while EXEC holds more
 * names than the job's part of its quota. Never the newest: the next run goes on from there.
 *
 * @param executions - all that there are, oldest first
 */
export async function pruneExecutions(
  store: FileStore,
  job: Pick<ArchiveJob, 'exec' | 'history' | 'keep' | 'scheduledAt'>,
  executions: readonly string[],
  signal: AbortSignal,
  progress: (done: { pruned: string }) => void,
): Promise<string[]> {
  const pruned: string[] = [];
  const prune = async (name: string): Promise<void> => {
    await store.delete(`${job.history}/${name}`, { recursive: true, signal });
    pruned.push(name);
    progress({ pruned: name });
  };
  for (const name of oldExecutions(executions, job.keep, job.scheduledAt)) await prune(name);
  const { names } = await store.space(job.exec, signal);
  if (names === undefined) return pruned;
  let surplus = names.used - names.quota * job.keep.quotaFraction;
  for (const name of executions.slice(0, -1)) {
    if (surplus <= 0) break;
    if (pruned.includes(name)) continue;
    surplus -= 1 + (await entriesIn(store, `${job.history}/${name}`, signal));
    await prune(name);
  }
  return pruned;
}

/** Executions that may go, oldest first; never the newest. */
export function oldExecutions(
  executions: readonly string[],
  { executions: most, days }: { executions: number; days?: number | undefined },
  now: number,
): string[] {
  const cutoff = days === undefined ? -Infinity : now - days * DAY_MS;
  const surplus = executions.length - most;
  return executions
    .slice(0, -1)
    .filter((name, place) => place < surplus || (writtenLayout().executionStart(name) ?? now) < cutoff);
}

async function entriesIn(store: FileStore, folder: string, signal: AbortSignal): Promise<number> {
  let entries = 0;
  for await (const { kind, path } of store.list(folder, signal))
    entries += 1 + (kind === 'directory' ? await entriesIn(store, path, signal) : 0);
  return entries;
}
