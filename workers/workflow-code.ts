import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../workflows/', import.meta.url));

/** The entry point of all workflows. */
export const WORKFLOWS_PATH = `${FOLDER}index.js`;

/** Where `scripts/bundle-workflows` leaves the bundle. */
export const BUNDLE_PATH = fileURLToPath(new URL('../workflows.bundle.cjs', import.meta.url));

/**
 * The workflows for a worker: the bundle that was made when the project was built, which saves seconds of every start,
 * or the modules themselves where they are newer than it.
 */
export function workflowCode(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const bundled = existsSync(BUNDLE_PATH) ? statSync(BUNDLE_PATH).mtimeMs : 0;
  const modules = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const newest = Math.max(...modules.map((name) => statSync(FOLDER + name).mtimeMs));
  return bundled >= newest ? { workflowBundle: { codePath: BUNDLE_PATH } } : { workflowsPath: WORKFLOWS_PATH };
}
