import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { JobError } from '../../step/job-error.ts';
import { putInPlace } from '../../step/put-in-place.ts';
import { ArchiveFolders } from '../archive-folders.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { readOwnJson } from './own-json.ts';

/** The history as well: a file that was copied or moved with its folder says nothing of the one that it is beside. */
const ownerShape = z.object({ exec: z.string(), history: z.string() });

type Places = Pick<ArchiveJob, 'exec' | 'history' | 'staging'>;

/**
 * Refuses a HISTORY that an archive with another EXEC works on, from its first run on: claim and decisions are in EXEC, so
 * that neither would see the other before one of them has recorded an execution. A file beside HISTORY says whose it is; of
 * two that come at once one puts it in place.
 *
 * @returns a remark where the worker may not look or write there, and nobody can tell
 * @throws JobError 'history-unusable'
 */
export async function assertOneExec(store: FileStore, job: Places, signal: AbortSignal): Promise<string | undefined> {
  const parent = parentPath(job.history) ?? '/';
  const path = `${parent === '/' ? '' : parent}/.rewind/exec-of-${baseName(job.history)}.json`;
  try {
    await becomeOwner(store, path, job, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.retryable) throw error;
    return `${path}, which keeps archives with another exec from this history, could not be read and written: ${error.message}`;
  }
}

async function becomeOwner(store: FileStore, path: string, job: Places, signal: AbortSignal): Promise<void> {
  const { exec, history } = job;
  for (;;) {
    const said = await readOwnJson(store, path, ownerShape, SAYS, signal);
    if (said?.exec === exec && said.history === history) return;
    if (said === undefined) {
      await assertNoNeighbour(store, job, signal);
      await say(store, path, job, signal);
      continue;
    }
    if (said.history === history && (await isAt(store, job, said.exec, signal))) throw otherExec(job, said.exec, path);
    await store.delete(path, { signal });
  }
}

const SAYS = {
  expected: 'the exec and the history of an archive',
  remedy: 'Delete it when no archive runs.',
};

/** Of an archive of an older release, whose HISTORY is where it is by default, nothing is said but that it has run. */
async function assertNoNeighbour(store: FileStore, job: Places, signal: AbortSignal): Promise<void> {
  const parent = parentPath(job.history) ?? '/';
  if (parent === job.exec || baseName(job.history) !== 'history') return;
  if (await hasClaims(store, job, parent, signal))
    throw otherExec(job, parent, new ArchiveFolders({ ...job, exec: parent }).claims);
}

/** Whether that archive may be there still: one that was moved has left nothing, and what is closed to this worker was not. */
async function isAt(store: FileStore, job: Places, exec: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await hasClaims(store, job, exec, signal);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.retryable) throw error;
    return true;
  }
}

async function hasClaims(store: FileStore, job: Places, exec: string, signal: AbortSignal): Promise<boolean> {
  return (await store.status(new ArchiveFolders({ ...job, exec }).claims, signal)) !== undefined;
}

/** Puts this EXEC's name in place, unless another one was first. */
async function say(store: FileStore, path: string, { exec, history }: Places, signal: AbortSignal): Promise<void> {
  // Where a worker that is killed leaves it, dead attempts are deleted.
  const attempt = `${exec}/.rewind/claims/.exec-${randomUUID()}`;
  await store.makeDirectory(parentPath(path) ?? '/', signal);
  await putInPlace(store, path, [Buffer.from(JSON.stringify({ exec, history }))], { attempt, signal });
}

function otherExec({ exec, history }: Places, other: string, path: string): JobError {
  return new JobError(
    'history-unusable',
    `${history} is the history of an archive whose exec is ${other}, as ${path} shows, and this job's is ${exec}: two of them would archive the same records. Give each archive an EXEC and a HISTORY of its own; or set exec to ${other}. If ${other} was moved to ${exec}, move ${other}/.rewind there, too.`,
    { path, expected: other, found: exec },
  );
}
