import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

function findProjectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`No package.json above ${fileURLToPath(import.meta.url)}: run it from a clone`);
    folder = parent;
  }
  return folder;
}

/** The folder that holds package.json, whether this file runs from scripts/ or from dist/scripts/. */
export const projectRoot = findProjectRoot();

/** Whether this runs from a package that was installed, whose folder isn't one's own to write to. */
export const isInstalled = projectRoot.split(sep).includes('node_modules');

/** Where all stacks live: one folder a stack, and `packages/` shared by them. */
export const stacksFolder = join(isInstalled ? process.cwd() : projectRoot, '.stack');
