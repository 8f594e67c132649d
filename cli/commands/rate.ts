import type { Command } from 'commander';
import { rateSignal } from '../../workflows/run/messages.ts';
import { limitText } from '../../workflows/run/readable.ts';
import { byteSize, count } from '../byte-size.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { withTemporal } from '../temporal.ts';

type RateOptions = CommonOptions & { records?: number; bytes?: number; none?: boolean };

/** `rewind rate ID`: holds publishing to so much a second, or lets it go. */
export function rateCommand(): Command {
  return temporalCommand(
    'rate',
    'limit how fast a replay publishes, records and bytes a second of the whole job',
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
      await withTemporal(options, (client) => client.workflow.getHandle(id).signal(rateSignal, rate));
      const told = limited ? `${id} goes at ${limitText(rate)} at most` : `${id} goes as fast as it can`;
      outputOf(options).result({ workflowId: id, rate }, told);
    });
}
