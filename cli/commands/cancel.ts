import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { goesOn } from '../goes-on.ts';
import { standsStill, statusOf } from '../replay-status.ts';
import { statusLines } from '../status-lines.ts';
import { withTemporal } from '../temporal.ts';

const ENDS_WITHIN_MS = 120_000;

/** `rewind cancel ID`: says how far the job got; a replay commits what it has in hand. */
export function cancelCommand(): Command {
  return temporalCommand(
    'cancel',
    'cancel a job; what a replay has in hand is committed',
    'rewind cancel replay-events',
  )
    .argument('<id>', 'id of the workflow')
    .option('--no-wait', 'return at once, before the job has ended')
    .action(async (id: string, options: CommonOptions & { wait: boolean }) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        await client.workflow.getHandle(id).cancel();
        if (!options.wait) return output.result({ workflowId: id, told: 'cancel' }, `${id} was told to cancel`);
        for (const giveUp = Date.now() + ENDS_WITHIN_MS; Date.now() < giveUp; await sleep(300)) {
          const report = await statusOf(client, id);
          if (report.workflowStatus === 'RUNNING') continue;
          const goOn = report.workflowStatus === 'CANCELLED' ? [goesOn(report.kind, id)] : [];
          return output.result(report, [...statusLines(report), ...goOn]);
        }
        // Only where a worker of an older release runs it: cancelling ends such a pause.
        const stands = standsStill(await statusOf(client, id));
        throw new CommandError(
          EXIT.noAnswer,
          `${id} was told to cancel, and has not ended yet.`,
          stands
            ? `It is paused, and has begun what it can't take back: rewind resume ${id} lets it come to its end.`
            : `rewind status ${id} shows what it is busy with; without a worker nobody hears.`,
        );
      });
    });
}
