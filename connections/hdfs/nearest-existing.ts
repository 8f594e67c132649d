import { ConnectionError } from '../connection-error.ts';
import type { FileStore } from './file-store.ts';
import { joinPath, pathSegments } from './hdfs-path.ts';

/**
 * The longest beginning of a path (or of a pattern, up to its first wildcard) that is there, for the message about
 * one that is not.
 */
export async function nearestExisting(store: FileStore, path: string, signal?: AbortSignal): Promise<string> {
  const prefixes = ['/'];
  for (const segment of pathSegments(path)) {
    if (/(?<!\\)(\\\\)*[*?[{]/.test(segment)) break;
    prefixes.push(joinPath(prefixes.at(-1)!, segment.replace(/\\(.)/gsu, '$1')));
  }
  for (const prefix of prefixes.slice(1).reverse()) if (await isThere(store, prefix, signal)) return prefix;
  return '/';
}

async function isThere(store: FileStore, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    return (await store.status(path, signal)) !== undefined;
  } catch (error) {
    // What lies in a directory that we may not enter is beyond what we can see: look above it.
    if (error instanceof ConnectionError && error.fault === 'denied') return false;
    throw error;
  }
}
