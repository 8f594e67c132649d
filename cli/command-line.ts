import { Command, Option } from 'commander';
import { Output } from './output.ts';
import type { TemporalOptions } from './temporal.ts';

/** Options that every command has. */
export type CommonOptions = TemporalOptions & { json: boolean };

/** A command that talks to Temporal, with the options that all of those share and an example in its help. */
export function temporalCommand(name: string, description: string, example: string): Command {
  return commandWithExample(name, description, example)
    .option('--address <host:port>', "Temporal's address, in place of TEMPORAL_ADDRESS")
    .option('--namespace <name>', 'namespace, in place of TEMPORAL_NAMESPACE')
    .option('--profile <name>', "profile of Temporal's configuration file")
    .option('--config-file <path>', "Temporal's configuration file (TOML)")
    .addOption(
      new Option('--task-queue <name>', 'task queue of the workers').env('REWIND_TASK_QUEUE').default('rewind'),
    )
    .option('--json', 'one JSON document on standard output', false);
}

export function commandWithExample(name: string, description: string, example: string): Command {
  return new Command(name).description(description).addHelpText('after', `\nExample:\n  ${example}`);
}

export function outputOf(options: { json: boolean }): Output {
  return new Output(options.json);
}
