import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { StackError } from './stack-error.ts';

/**
 * One process at a time starts a stack. A lock whose holder has ended is taken over.
 * @returns the function that gives the lock back
 * @throws StackError where another process is starting this stack
 */
export function lockStack(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'starting.json');
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
      return () => {
        rmSync(file, { force: true });
        // A start that came to nothing leaves no folder.
        if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(file);
      if (attempt > 3 || (holder !== undefined && isAlive(holder))) {
        throw new StackError(`Process ${holder?.pid ?? '?'} is starting this stack (${file}): wait until it has ended`);
      }
      rmSync(file, { force: true });
    }
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    // Given back meanwhile, or its holder was killed before it had written its name.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
