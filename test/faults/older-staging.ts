import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';

/**
 * Makes a staging folder what release 0.1.0 would have left: `job.json` is the job itself, without what was added to it
 * since, and there are no plans of merge rounds and no owners. Returns the names of what was changed or taken away.
 */
export async function asOlderRelease(store: FileStore, folder: string): Promise<string[]> {
  const changed: string[] = [];
  const entries: string[] = [];
  for await (const { path } of store.list(folder)) entries.push(path);
  for (const path of entries)
    if (/^(merge-plan-|owner-)/.test(baseName(path)) && (await store.delete(path))) changed.push(baseName(path));
  const path = `${folder}/job.json`;
  const { length } = (await store.status(path)) ?? { length: 0 };
  const written = JSON.parse(Buffer.from(await store.read(path, 0, length)).toString('utf8')) as {
    job?: Record<string, unknown>;
  };
  if (written.job === undefined) return changed;
  const { scheduledAt: _later, ...job } = written.job;
  await store.write(path, [Buffer.from(JSON.stringify(job, null, 2))], { overwrite: true });
  return [...changed, 'job.json'];
}
