import type { Command } from 'commander';
import { commandWithExample } from '../command-line.ts';

/** `rewind worker`: serves the task queue until it is told to stop. */
export function workerCommand(): Command {
  return commandWithExample(
    'worker',
    'serve replays until SIGTERM or SIGINT; configured by the environment (docs/configuration.md)',
    'REWIND_CONFIG=/etc/rewind/worker.json rewind worker',
  ).action(async () => {
    // Loads Temporal's native core and all connections: only for who serves.
    await import('../../workers/run-worker.ts');
  });
}
