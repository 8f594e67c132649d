import { randomUUID } from 'node:crypto';
import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore, Rights } from '../../connections/hdfs/file-store.ts';

export interface Placing {
  /** Where the attempt writes before it renames. @default a hidden name of its own beside the target */
  attempt?: string;
  /** What is thrown where the renaming fails and nothing is there. @default an error after which the step is tried again */
  lost?: (target: string) => Error;
  /** Deletes what the attempt left. @default only its file */
  discard?: (attempt: string) => Promise<unknown>;
  /** Octal. @default as the server has it */
  rights?: Rights;
  signal?: AbortSignal | undefined;
}

/**
 * Writes a file under a name of the attempt, whose length the store checks, then renames it to `target`, which is never
 * overwritten.
 *
 * @returns false where another attempt was first: its file stays
 */
export async function putInPlace(
  store: FileStore,
  target: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { attempt = besideTarget(target), lost, discard = (path) => store.delete(path), rights, signal }: Placing,
): Promise<boolean> {
  try {
    await store.write(attempt, chunks, { ...(rights && { rights }), ...(signal && { signal }) });
    return await place(store, attempt, target, { ...(lost && { lost }), signal });
  } finally {
    // Without the signal: a cancelled attempt tidies up, too.
    await tidily(() => discard(attempt));
  }
}

/** The second half of `putInPlace`, for a file that was written otherwise. */
export async function place(
  store: FileStore,
  attempt: string,
  target: string,
  { lost = notThere, signal }: Pick<Placing, 'lost' | 'signal'>,
): Promise<boolean> {
  if (await store.rename(attempt, target, signal)) return true;
  if ((await store.status(target, signal)) !== undefined) return false;
  throw lost(target);
}

/** A server's failure here must not hide the one that ended the attempt; who cleans up behind the job takes what is left. */
export async function tidily(body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
}

function besideTarget(target: string): string {
  const slash = target.lastIndexOf('/');
  return `${target.slice(0, slash)}/.${target.slice(slash + 1)}.${randomUUID()}`;
}

function notThere(target: string): Error {
  return new Error(`What was written for ${target} could not be renamed, and nothing is there; trying again`);
}
