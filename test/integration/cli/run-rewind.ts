import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ReplayHarness } from '../../support/replay-harness.ts';

/** The compiled command: what users run. */
export const COMMAND = fileURLToPath(new URL('../../../dist/cli/rewind.js', import.meta.url));

export interface Ran {
  code: number | null;
  /** What came on standard output. */
  out: string;
  err: string;
}

/** Runs `rewind` as a shell does, on the servers of a test and on its task queue. */
export async function runRewind(
  harness: ReplayHarness,
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: harness.stack.temporal,
      REWIND_TASK_QUEUE: harness.taskQueue,
      ...environment,
    },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}
