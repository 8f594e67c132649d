import { ConnectionError } from '../../connection-error.ts';
import type { NameNodes } from '../http/name-nodes.ts';

/** CHECKACCESS for writing and entering: what making, renaming and deleting entries of a directory takes. */
export async function mayWriteTo(
  nameNodes: NameNodes,
  directory: string,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const query = { fsaction: '-wx' };
    await nameNodes.json({ method: 'GET', op: 'CHECKACCESS', path: directory, query, idempotent: true, signal });
    return true;
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.retryable || error.fault === 'not-found') throw error;
    // An older server knows no such operation, and a gateway may not pass it on.
    return error.fault === 'denied' ? false : undefined;
  }
}
