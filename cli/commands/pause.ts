import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { pauseSignal } from '../../workflows/run/messages.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { standsStill, statusOf } from '../replay-status.ts';
import { statusLines } from '../status-lines.ts';
import { withTemporal } from '../temporal.ts';

/** A publishing step commits what it has in hand, a split is decoded to its end: seconds, unless a server is away. */
const PAUSES_WITHIN_MS = 120_000;

/** `rewind pause ID`: returns when the job stands still. */
export function pauseCommand(): Command {
  return temporalCommand('pause', 'pause a job, holding no producer and no transaction', 'rewind pause replay-events')
    .argument('<id>', 'id of the workflow')
    .option('--no-wait', 'return at once, before the job stands still')
    .action(async (id: string, options: CommonOptions & { wait: boolean }) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        await client.workflow.getHandle(id).signal(pauseSignal);
        if (!options.wait) return output.result({ workflowId: id, told: 'pause' }, `${id} was told to pause`);
        for (const giveUp = Date.now() + PAUSES_WITHIN_MS; Date.now() < giveUp; await sleep(300)) {
          const report = await statusOf(client, id);
          if (report.workflowStatus !== 'RUNNING' || standsStill(report))
            return output.result(report, statusLines(report));
        }
        throw new CommandError(
          EXIT.noAnswer,
          `${id} was told to pause, and does not stand still yet.`,
          `rewind status ${id} shows what it is busy with.`,
        );
      });
    });
}
