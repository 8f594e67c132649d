import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packagesFolder } from './install-once.ts';

/** What Maven says of each file that it has. */
const DOWNLOADED = /^.*Downloaded from [^:\s]+: \S*\/([^/\s]+) \(/gm;

/** How many files Maven's log tells of, and the last of them; undefined before the first. */
export function downloadsIn(log: string): string | undefined {
  const files = [...log.matchAll(DOWNLOADED)].map(([, file]) => file!);
  return files.length === 0 ? undefined : `${files.length} files, the last ${files.at(-1)}`;
}

/** The same of a package that is being downloaded, by the log that was written to since then. */
export function downloadsOf(packageName: string, sinceMs: number): string | undefined {
  try {
    const logs = readdirSync(packagesFolder()).filter(
      (name) => name.startsWith(`${packageName}-`) && name.endsWith('.log'),
    );
    const current = logs.map((name) => join(packagesFolder(), name)).find((path) => statSync(path).mtimeMs >= sinceMs);
    return current === undefined ? undefined : downloadsIn(readFileSync(current, 'utf8'));
  } catch (error) {
    // Only told: a folder or log that isn't there yet is nothing to tell of.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
