import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Formats a server's storage unless that has been done to its end: a marker beside it says so, since a killed format
 * leaves files that look like a finished one.
 * @param storage folder that the format fills, beginning with an empty one
 */
export async function formatOnce(folder: string, storage: string, format: () => Promise<void>): Promise<void> {
  const marker = join(folder, 'formatted');
  if (existsSync(marker)) return;
  rmSync(storage, { recursive: true, force: true });
  mkdirSync(storage, { recursive: true });
  await format();
  writeFileSync(marker, '');
}
