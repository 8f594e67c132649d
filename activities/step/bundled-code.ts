import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openedOnce } from './opened-once.ts';

/** What is compiled of the project, or its sources. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The folders in it that bundled code is in. */
const FOLDERS = ['activities', 'cli', 'connections', 'formats', 'layouts', 'workers', 'workflows'];

/** By root: when the newest module was written. */
const newest = new Map<string, number>();

/** Where `scripts/bundle-code` leaves the bundle of a module that a thread or the command begins with. */
export function bundleOf(module: URL): URL {
  return new URL(module.href.replace(/\.js$/, '.bundle.mjs'));
}

/**
 * The code that a thread or the command is to begin with: the bundle that was made when the project was built, or the module
 * itself where some module is newer. Otherwise a thread finds, reads and links some four hundred modules, which takes it
 * most of a second of CPU at each start, and a worker seven hundred.
 */
export function bundledCode(module: URL, root = ROOT): string {
  const bundle = bundleOf(module);
  const bundledAt = modifiedAt(fileURLToPath(bundle));
  if (bundledAt === undefined) return module.href;
  const modulesAt = openedOnce(newest, root, () => Math.max(...FOLDERS.map((name) => newestIn(join(root, name)))));
  return bundledAt >= modulesAt ? bundle.href : module.href;
}

function newestIn(folder: string): number {
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  return Math.max(...modules.map((name) => modifiedAt(join(folder, name)) ?? 0));
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
