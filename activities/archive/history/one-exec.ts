import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { JobError } from '../../step/job-error.ts';
import { putInPlace } from '../../step/put-in-place.ts';
import { ArchiveFolders } from '../archive-folders.ts';
import type { ArchiveJob } from '../job/archive-job.ts';

const ownerShape = z.object({ exec: z.string() });

type Places = Pick<ArchiveJob, 'exec' | 'history' | 'staging'>;

/**
 * Refuses a HISTORY that an archive with another EXEC works on, from its first run on: claim and decisions are in EXEC, so
 * that neither would see the other before one of them has recorded an execution. Beside a HISTORY that is not below its EXEC
 * a file says whose it is; looked at when the claim is taken, so that of two that come at once one sees the other.
 *
 * @returns a remark where the worker may not write there, and nobody can tell
 * @throws JobError 'history-unusable'
 */
export async function assertOneExec(store: FileStore, job: Places, signal: AbortSignal): Promise<string | undefined> {
  const { exec, history } = job;
  const parent = parentPath(history) ?? '/';
  const path = `${parent === '/' ? '' : parent}/.rewind/exec-of-${baseName(history)}.json`;
  const itself = parent === exec;
  // Of an archive whose EXEC it is: its history is below, where nothing else is said.
  const neighbour = new ArchiveFolders({ ...job, exec: parent }).claims;
  if (!itself && (await store.status(neighbour, signal)) !== undefined) throw otherExec(job, parent, neighbour);
  for (;;) {
    const said = await ownerIn(store, path, signal);
    if (said === exec || (said === undefined && itself)) return undefined;
    if (said === undefined) {
      const remark = await say(store, path, job, signal);
      if (remark !== undefined) return remark;
      continue;
    }
    // An EXEC that was moved has left nothing where it was.
    if ((await store.status(new ArchiveFolders({ ...job, exec: said }).claims, signal)) !== undefined)
      throw otherExec(job, said, path);
    await store.delete(path, { signal });
  }
}

/** Puts this EXEC's name in place, unless another one was first; a remark where the worker may not. */
async function say(store: FileStore, path: string, { exec }: Places, signal: AbortSignal): Promise<string | undefined> {
  // Where a worker that is killed leaves it, dead attempts are deleted.
  const attempt = `${exec}/.rewind/claims/.exec-${randomUUID()}`;
  try {
    await store.makeDirectory(parentPath(path) ?? '/', signal);
    await putInPlace(store, path, [Buffer.from(JSON.stringify({ exec }))], { attempt, signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'denied') throw error;
    return `${path} could not be written, which keeps archives with another exec from this history: ${error.message}`;
  }
}

async function ownerIn(store: FileStore, path: string, signal: AbortSignal): Promise<string | undefined> {
  const status = await store.status(path, signal);
  if (status === undefined) return undefined;
  const bytes = await store.read(path, 0, status.length, signal);
  const parsed = ownerShape.safeParse(JSON.parse(Buffer.from(bytes).toString()));
  if (parsed.success) return parsed.data.exec;
  throw new JobError(
    'archive-file-damaged',
    `${path} names no exec: look at who wrote it, and delete it when no archive runs.`,
    {
      path,
    },
  );
}

function otherExec({ exec, history }: Places, other: string, path: string): JobError {
  return new JobError(
    'history-unusable',
    `${history} is the history of an archive whose exec is ${other}, as ${path} shows, and this job's is ${exec}: two of them would archive the same records. Give each archive an EXEC and a HISTORY of its own; or set exec to ${other}. If ${other} was moved to ${exec}, move ${other}/.rewind there, too.`,
    { path, expected: other, found: exec },
  );
}
