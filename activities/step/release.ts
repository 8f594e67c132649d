import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageShape = z.object({ version: z.string() });

let known: string | undefined;

/** The version of this very code, as its package says. */
export function release(): string {
  return (known ??= packageShape.parse(JSON.parse(readFileSync(packageFile(), 'utf8'))).version);
}

/** Sources stand below it, and what is compiled of them one folder deeper. */
function packageFile(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return file;
  }
  throw new TypeError(`there is no package.json above ${import.meta.dirname}`);
}
