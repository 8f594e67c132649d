import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/stack/project-root.ts';

export interface ExtendedBuild {
  /** The command `rewind` of the copy. */
  entry: string;
  remove(): void;
}

/**
 * A copy of the compiled project, changed as who extends it changes it: `files` (below `dist/`) are added, and in one
 * file a text that must be there is replaced.
 */
export function extendBuild(
  files: readonly string[],
  change: { file: string; replace: string; by: string },
): ExtendedBuild {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-extended-'));
  const dist = join(projectRoot, 'dist');
  const filter = (path: string): boolean => path !== join(dist, 'test');
  cpSync(dist, join(folder, 'dist'), { recursive: true, filter });
  for (const path of files) cpSync(join(dist, path), join(folder, 'dist', path), { recursive: true });
  cpSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'dist', change.file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(change.replace)) throw new Error(`${path}: expected ${change.replace}, found\n${text}`);
  writeFileSync(path, text.replace(change.replace, change.by));
  return {
    entry: join(folder, 'dist', 'cli', 'rewind.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
