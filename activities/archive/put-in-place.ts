import { randomUUID } from 'node:crypto';
import type { FileStore } from '../../connections/hdfs/file-store.ts';

/**
 * Writes a file under a name of the attempt, then renames it to `target`, which is never overwritten.
 *
 * @returns false where another attempt was first: its file stays
 */
export async function putInPlace(
  store: FileStore,
  target: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<boolean> {
  const slash = target.lastIndexOf('/');
  const attempt = `${target.slice(0, slash)}/.${target.slice(slash + 1)}.${randomUUID()}`;
  try {
    await store.write(attempt, chunks, { signal });
    if (await store.rename(attempt, target, signal)) return true;
    if ((await store.status(target, signal)) !== undefined) return false;
    throw new Error(`${attempt} could not be renamed to ${target}, and nothing is there; trying again`);
  } finally {
    // Without the signal: a cancelled attempt tidies up, too.
    await store.delete(attempt).catch(() => undefined);
  }
}
