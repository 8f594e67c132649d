import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { commandWithExample, outputOf } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';

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

/** The errors with which a worker doesn't start say themselves what to do. */
function startError(error: unknown): unknown {
  if (!(error instanceof Error) || !('remedy' in error) || typeof error.remedy !== 'string') return error;
  const exit = error.name === 'ConfigError' ? EXIT.usage : EXIT.unreachable;
  return new CommandError(exit, error.message, error.remedy);
}
