import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName, parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';
import { JobError } from '../../step/job-error.ts';
import type { ArchiveJob } from '../job/archive-job.ts';

/** An execution that has changed within so many milliseconds is taken for one that goes on. */
export const STILL_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** What Camus has begun and not recorded: executions that go on, or that failed. Rewind leaves no such folder. */
export interface CamusRuns {
  /** Those that may go on: begun since the newest execution, or within a day. */
  recent: FileStatus[];
  /** Whether one was begun since the newest execution: no offsets vouch for what it has placed. */
  since: boolean;
}

/**
 * Looks for executions beside HISTORY: Camus builds one in its base folder, which is EXEC, or the folder that holds HISTORY,
 * under a date, and moves it into HISTORY when all of its files are placed.
 *
 * @param newest - execution of HISTORY, of Rewind's own; undefined where it is Camus's, or there is none, and all count
 */
export async function camusRuns(
  store: FileStore,
  { exec, history }: Pick<ArchiveJob, 'exec' | 'history'>,
  newest: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<CamusRuns> {
  const base = parentPath(history) ?? '/';
  const found = await executionsIn(store, exec, exec, signal);
  if (base !== exec) found.push(...(await executionsIn(store, base, exec, signal)));
  if (newest === undefined || found.length === 0) return { recent: found, since: found.length > 0 };
  // Its clock may be another one than that of whoever named the newest: by that of HDFS it is told as well.
  const recordedAt = (await store.status(`${history}/${newest}`, signal))?.modifiedAt ?? 0;
  const isSince = ({ path, modifiedAt }: FileStatus): boolean => baseName(path) > newest || modifiedAt > recordedAt;
  const began = ({ path }: FileStatus): number => writtenLayout().executionStart(baseName(path)) ?? 0;
  return {
    recent: found.filter((run) => isSince(run) || now - began(run) < DAY_MS),
    since: found.some(isSince),
  };
}

async function executionsIn(store: FileStore, base: string, exec: string, signal: AbortSignal): Promise<FileStatus[]> {
  const found: FileStatus[] = [];
  try {
    for await (const entry of store.list(base, signal))
      if (entry.kind === 'directory' && writtenLayout().executionStart(baseName(entry.path)) !== undefined)
        found.push(entry);
  } catch (error) {
    // Where the worker may not look beside HISTORY, `assertOneExec` has said so.
    const closed = error instanceof ConnectionError && base !== exec && !error.retryable;
    if (!closed && (!(error instanceof ConnectionError) || error.fault !== 'not-found')) throw error;
  }
  return found;
}

/**
 * Refuses to work beside a Camus, as far as one can be seen: it has no lock. What it archives would be there twice.
 *
 * @param planned - when the run was planned, by HDFS's clock: whatever has changed since counts. @default the last ten minutes
 * @throws JobError 'archive-running' for an execution that has changed since, or in which a file is open
 */
export async function assertNoRunningCamus(
  store: FileStore,
  { recent }: Pick<CamusRuns, 'recent'>,
  { now, planned }: { now: number; planned?: number },
  signal: AbortSignal,
): Promise<void> {
  const newest: FileStatus[] = [];
  for (const run of recent) {
    const changed = await lastChange(store, run, newest, signal);
    const at = new Date(changed).toISOString();
    if (planned === undefined ? now - changed < STILL_MS : changed >= planned)
      throw running(
        run.path,
        planned === undefined ? `${run.path} has changed at ${at}` : beside(run.path, at, planned),
      );
  }
  const open = await openFile(store, newest, signal);
  if (open === undefined) return;
  const run = recent.find(({ path }) => open.startsWith(`${path}/`))?.path ?? open;
  throw running(run, `${open} is open for writing`, ' (HDFS closes a file of a writer that died, within an hour)');
}

function beside(path: string, at: string, planned: number): string {
  return `${path} has changed at ${at}, since this run was planned at ${new Date(planned).toISOString()}. Nothing was decided`;
}

function running(path: string, what: string, more = ''): JobError {
  return new JobError(
    'archive-running',
    `${what}: a run of Camus seems to go on${more}. Wait for its end, see that nothing starts it again, and start the archive ten minutes later; a failed run's folder may be moved away.`,
    { path, folder: parentPath(path) },
  );
}

/** Files that are asked for: those that Camus writes are among the newest. */
const MOST_ASKED = 100;
const AT_ONCE = 16;

/** Of the folder, and of all below it: a task writes two levels down. Adds its files to the newest of all. */
async function lastChange(
  store: FileStore,
  folder: FileStatus,
  newest: FileStatus[],
  signal: AbortSignal,
): Promise<number> {
  let last = folder.modifiedAt;
  try {
    for await (const entry of store.list(folder.path, signal)) {
      last = Math.max(last, entry.modifiedAt);
      if (entry.kind === 'directory') last = Math.max(last, await lastChange(store, entry, newest, signal));
      else newest.push(entry);
      if (newest.length >= 10 * MOST_ASKED) keepNewest(newest);
    }
  } catch (error) {
    // It may end while it is looked at.
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  return last;
}

function keepNewest(files: FileStatus[]): void {
  files.sort((a, b) => b.modifiedAt - a.modifiedAt);
  files.splice(MOST_ASKED);
}

/** One that somebody writes: as long as it is open, the time of its last change is that of its beginning. */
async function openFile(store: FileStore, files: FileStatus[], signal: AbortSignal): Promise<string | undefined> {
  keepNewest(files);
  let open: string | undefined;
  let told = false;
  let untold = 0;
  await eachAtOnce(files, AT_ONCE, async ({ path }) => {
    // A server that tells it of none of these doesn't tell it at all.
    if (open !== undefined || (!told && untold >= AT_ONCE)) return;
    const written = await store.isBeingWritten(path, signal);
    if (written === undefined) untold += 1;
    else told = true;
    if (written === true) open = path;
  });
  return open;
}
