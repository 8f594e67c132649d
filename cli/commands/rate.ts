import type { Command } from 'commander';
import { rateSignal } from '../../workflows/run/messages.ts';
import { limitText } from '../../workflows/run/readable.ts';
import { byteSize, count } from '../byte-size.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { withTemporal } from '../temporal.ts';

/** By workflow type: what is begun with a limit, and ends with it. */
const IN_HAND: Readonly<Record<string, string>> = { archive: 'pulls', ranges: 'ranges' };

type RateOptions = CommonOptions & { records?: number; bytes?: number; none?: boolean };

/** `rewind rate ID`: holds a job to so much a second, or lets it go. */
export function rateCommand(): Command {
  return temporalCommand(
    'rate',
    'limit how fast a job goes: records and bytes a second, of the whole job',
    'rewind rate replay-events --records 10000 --bytes 5MB',
  )
    .argument('<id>', 'id of the workflow')
    .option('--records <n>', 'records a second', count)
    .option('--bytes <size>', 'bytes a second: 500000, 5MB, 5MiB', byteSize)
    .option('--none', 'no limit any more')
    .action(async (id: string, { records, bytes, none, ...options }: RateOptions) => {
      const limited = records !== undefined || bytes !== undefined;
      if (limited === (none === true))
        throw new CommandError(
          EXIT.usage,
          limited ? 'A limit and --none exclude each other.' : 'No limit was given.',
          'Give --records, --bytes or both; or --none.',
        );
      const rate = { ...(records && { records }), ...(bytes && { bytes }) };
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        const handle = client.workflow.getHandle(id);
        await handle.signal(rateSignal, rate);
        const told = limited ? `${id} goes at ${limitText(rate)} at most` : `${id} goes as fast as it can`;
        output.result({ workflowId: id, rate }, told);
        const inHand = IN_HAND[(await handle.describe()).type];
        if (inHand !== undefined) output.note(`${inHand} that are in hand keep the limit that they began with`);
      });
    });
}
