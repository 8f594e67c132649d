import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { statusOf } from '../replay-status.ts';
import { showResult } from '../show-result.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';

/** `rewind result ID`: what a job that has ended did, and what to do next; of one that failed, why and what helps. */
export function resultCommand(): Command {
  return temporalCommand(
    'result',
    'show what a job that has ended did, and what comes next',
    'rewind result replay-events',
  )
    .argument('<id>', 'id of the workflow')
    .action(async (id: string, options: CommonOptions) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        const report = await statusOf(client, id);
        if (report.workflowStatus === 'RUNNING')
          throw new CommandError(
            EXIT.noAnswer,
            `${id} has not ended yet.`,
            `rewind status ${id} --watch follows it to its end.`,
          );
        const { kind } = report;
        const result = await watchReplay<object>(client, id, { progress: false, output, kind });
        showResult(output, id, kind, result);
      });
    });
}
