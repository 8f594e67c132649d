import { ConnectionError } from '../../connection-error.ts';
import type { RemoteStatus } from './file-status.ts';
import { booleanShape, parseAnswer } from './file-status.ts';
import { normalizePath, parentPath } from '../hdfs-path.ts';
import type { NameNodes } from '../http/name-nodes.ts';

/**
 * RENAME with `renameoptions=NONE` (`FileSystem.rename2`): without it HDFS moves a file *into* a target that is a
 * directory, and calls that a success. Where the answer is lost, the status of both paths tells what happened.
 */
export async function renameFile(
  nameNodes: NameNodes,
  status: (path: string, signal?: AbortSignal) => Promise<RemoteStatus | undefined>,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const [source, target] = await Promise.all([status(from, signal), status(to, signal)]);
  // Gateways that don't know the option rename in the old way: hence the look at the target before.
  if (source === undefined || target !== undefined) return false;
  try {
    const destination = normalizePath(to);
    const query = { destination, renameoptions: 'NONE' };
    const operation = { method: 'PUT', op: 'RENAME', path: from, query, idempotent: false, signal } as const;
    const answer = await nameNodes.json(operation);
    return answer === undefined ? true : parseAnswer(booleanShape, answer, `RENAME ${from}`, from).boolean;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ConnectionError)) throw error;
    if (error.fault === 'exists') return false;
    if (error.fault === 'not-found') return sourceIsGone(status, from, to, error, signal);
    if (error.fault !== 'unavailable' || error.facts.maybeDone === false) throw error;
    return afterLostAnswer(status, source, from, to, error, signal);
  }
}

/** HDFS says 'not found' of a source that is gone and of a target's parent that is missing alike. */
async function sourceIsGone(
  status: (path: string, signal?: AbortSignal) => Promise<RemoteStatus | undefined>,
  from: string,
  to: string,
  cause: ConnectionError,
  signal: AbortSignal | undefined,
): Promise<false> {
  if ((await status(from, signal)) === undefined) return false;
  const parent = parentPath(normalizePath(to)) ?? '/';
  throw new ConnectionError(
    'not-found',
    `${from} cannot be renamed to ${to}: there is no directory ${parent}; make it first`,
    { path: parent, from, to },
    cause,
  );
}

async function afterLostAnswer(
  status: (path: string, signal?: AbortSignal) => Promise<RemoteStatus | undefined>,
  source: RemoteStatus,
  from: string,
  to: string,
  cause: ConnectionError,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const [left, arrived] = await Promise.all([status(from, signal), status(to, signal)]);
  if (left === undefined && arrived !== undefined && isSame(source, arrived)) return true;
  // Another attempt won: whatever the server still does with our request, it can't replace the target.
  if (arrived !== undefined) return false;
  const seen = left === undefined ? 'neither path is there now' : 'it is not renamed so far';
  throw new ConnectionError(
    'unavailable',
    `RENAME ${from} to ${to}: the answer was lost, and ${seen}; try again (${cause.message})`,
    { ...cause.facts, from, to },
    cause,
  );
}

function isSame(before: RemoteStatus, after: RemoteStatus): boolean {
  if (before.fileId !== undefined && after.fileId !== undefined) return before.fileId === after.fileId;
  return (
    before.type === after.type && before.length === after.length && before.modificationTime === after.modificationTime
  );
}
