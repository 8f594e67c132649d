import { CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { explained } from './explain-error.ts';
import { Output } from './output.ts';
import { rewindProgram } from './program.ts';

/** Runs the command of the process; whatever goes wrong is two lines and an exit code. */
export async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ended);
  try {
    await rewindProgram().parseAsync();
  } catch (error) {
    // Help and version were asked for, and are shown.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const told =
      error instanceof CommanderError
        ? new CommandError(
            EXIT.usage,
            sentence(error.message),
            'rewind --help, or rewind COMMAND --help, shows what there is.',
          )
        : explained(error);
    new Output(process.argv.includes('--json')).error(told);
    if (process.env['REWIND_DEBUG'] !== undefined) console.error(error);
    process.exitCode = told.exitCode;
  }
}

/** `error: unknown option '--x'` as a sentence. */
function sentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace('. expected', ': expected')
    .replace(/\.?\s*$/, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Whoever reads it, such as `head`, has seen enough: that is no error of the command. As a shell has it of SIGPIPE. */
function ended(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
}
