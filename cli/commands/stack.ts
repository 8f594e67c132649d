import type { Command } from 'commander';
import { commandWithExample } from '../command-line.ts';

/** `rewind stack`: the development stack, as `npm run stack` has it. */
export function stackCommand(): Command {
  return commandWithExample(
    'stack',
    'start, end and show real servers on this machine, for a trial: rewind stack --help',
    'rewind stack up',
  )
    .argument('[arguments...]', 'up, down or status, with options')
    .allowUnknownOption()
    .action(async (_arguments: string[], _options: object, command: Command) => {
      process.argv.splice(2, process.argv.length, ...command.args);
      await import('../../scripts/stack.ts');
    });
}
