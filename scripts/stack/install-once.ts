import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stacksFolder } from './project-root.ts';

/** Where packages are kept: `.stack/packages`, or the folder named by REWIND_STACK_PACKAGES (a cache of a CI system). */
export function packagesFolder(): string {
  return process.env['REWIND_STACK_PACKAGES'] ?? join(stacksFolder, 'packages');
}

/**
 * The folder of a package, filled by `fill` where it isn't there yet. It is filled under another name and renamed when
 * it is whole, so neither a killed install nor a second one at the same time leaves half a package.
 * @param fill gets the folder to fill and a log file
 */
export async function installOnce(
  packageName: string,
  fill: (folder: string, logFile: string) => Promise<void>,
): Promise<string> {
  const folder = join(packagesFolder(), packageName);
  if (existsSync(folder)) return folder;
  const attempt = `${folder}.installing-${process.pid}-${Date.now()}`;
  mkdirSync(attempt, { recursive: true });
  try {
    await fill(attempt, `${folder}.log`);
    renameSync(attempt, folder);
  } catch (error) {
    rmSync(attempt, { recursive: true, force: true });
    // Another install of the same package was faster: its folder is whole, and the rename found it there.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
