import type { z } from 'zod';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';

/**
 * A small file of JSON that archives write for themselves; undefined where there is none, or where it was deleted meanwhile.
 *
 * @param says - what it should say, and what to do where it doesn't
 * @throws JobError 'archive-file-damaged'
 */
export async function readOwnJson<T>(
  store: FileStore,
  path: string,
  shape: z.ZodType<T>,
  says: { expected: string; remedy: string },
  signal: AbortSignal,
): Promise<T | undefined> {
  const text = await textOf(store, path, signal);
  if (text === undefined) return undefined;
  const parsed = shape.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const found = JSON.stringify(text.slice(0, 80));
  throw new JobError(
    'archive-file-damaged',
    `${path}: expected ${says.expected}, found ${found}. Look at who wrote it, and at HDFS (fsck). ${says.remedy}`,
    { path, expected: says.expected, found },
  );
}

async function textOf(store: FileStore, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const status = await store.status(path, signal);
    if (status === undefined) return undefined;
    return Buffer.from(await store.read(path, 0, status.length, signal)).toString();
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
    return undefined;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no shape takes it, and the error names the file
  }
}
