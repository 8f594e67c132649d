import { z } from 'zod';
import { ConnectionError } from '../../connection-error.ts';
import { parseAnswer } from './file-status.ts';
import type { NameNodes } from '../http/name-nodes.ts';

const locatedShape = z.object({ LocatedBlocks: z.object({ isUnderConstruction: z.boolean() }) });

/**
 * Whether a file is open for writing: GET_BLOCK_LOCATIONS of its first byte says so, and GETFILEBLOCKLOCATIONS doesn't.
 * Undefined where nothing is there, and where the server has no such operation (gateways) or forbids it.
 */
export async function isBeingWritten(
  nameNodes: NameNodes,
  path: string,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const op = 'GET_BLOCK_LOCATIONS';
  const query = { offset: '0', length: '1' };
  try {
    const answer = await nameNodes.json({ method: 'GET', op, path, query, idempotent: true, signal });
    return parseAnswer(locatedShape, answer, `${op} ${path}`, path).LocatedBlocks.isUnderConstruction;
  } catch (error) {
    if (error instanceof ConnectionError && !error.retryable) return undefined;
    throw error;
  }
}
