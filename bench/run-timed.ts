import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../scripts/stack/project-root.ts';

export interface TimedRun {
  /** From the start of the process to its end. */
  seconds: number;
  cpuSeconds: number;
  /** Of the largest process. */
  peakMiB: number;
  /** Of all processes together. */
  togetherMiB: number;
}

export interface TimedCommand {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

/**
 * Runs a command to its end, with all that it starts.
 * @throws Error with the end of what it printed where it ends with an error
 */
export async function runTimed({ command, args, env = {}, cwd }: TimedCommand): Promise<TimedRun> {
  const child = spawn('python3', [join(projectRoot, 'bench', 'timed.py'), command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    cwd,
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (child.exitCode !== 0)
    throw new Error(`${command} ended with exit code ${child.exitCode ?? child.signalCode}:\n${errors.slice(-4000)}`);
  return JSON.parse(output) as TimedRun;
}
