import type { Command } from 'commander';
import { commandWithExample, outputOf } from '../command-line.ts';
import { startError } from '../start-error.ts';

/** `rewind worker`: serves the task queue until it is told to stop. */
export function workerCommand(): Command {
  return commandWithExample(
    'worker',
    'serve replays until SIGTERM or SIGINT; configured by the environment (docs/configuration.md)',
    'REWIND_CONFIG=/etc/rewind/worker.json rewind worker',
  )
    .option('--json', 'what it serves, and errors, as JSON', false)
    .action(async (options: { json: boolean }) => {
      const output = outputOf(options);
      // Loads Temporal's native core and all connections: only for who serves.
      const { runWorker } = await import('../../workers/run-worker.ts');
      await runWorker(process.env, (serving) => {
        const { taskQueues, connections } = serving;
        output.result(serving, [
          `Rewind worker ready on task queue ${taskQueues.join(', ')}`,
          ...Object.entries(connections).map(([kind, names]) => `  ${kind}: ${names.join(', ') || 'none'}`),
        ]);
      }).catch((error: unknown) => {
        throw startError(error);
      });
    });
}
