import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { projectRoot } from '../scripts/stack/project-root.ts';
import { archiveCommand, archiveFinishCommand, archivePlanCommand } from './commands/archive.ts';
import { cancelCommand } from './commands/cancel.ts';
import { cleanCommand } from './commands/clean.ts';
import { drainCommand } from './commands/drain.ts';
import { doctorCommand } from './commands/doctor.ts';
import { pauseCommand } from './commands/pause.ts';
import { planCommand } from './commands/plan.ts';
import { rangesCommand } from './commands/ranges.ts';
import { rateCommand } from './commands/rate.ts';
import { registerCommand } from './commands/register.ts';
import { offsetsCommand, replayCommand } from './commands/replay.ts';
import { resultCommand } from './commands/result.ts';
import { resumeCommand } from './commands/resume.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { stackCommand } from './commands/stack.ts';
import { statusCommand } from './commands/status.ts';
import { verifyCommand } from './commands/verify.ts';
import { workerCommand } from './commands/worker.ts';

const AFTER = `
Temporal is found by its own configuration: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS, or a
profile of its configuration file. Exit codes: 0 done, 1 the job failed, 2 wrong input or options, 3 cancelled,
4 Temporal can't be reached, 5 nobody answered in time.`;

/** The command `rewind` with all that it can do. */
export function rewindProgram(): Command {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const program = new Command('rewind')
    .description('Durable archive and replay of Kafka topics: every record once.')
    .version(version)
    .addHelpText('after', AFTER)
    .exitOverride()
    // What is wrong is told in two lines like every other error, by whoever runs the program.
    .configureOutput({ outputError: () => undefined });
  for (const command of [
    archiveCommand(),
    archivePlanCommand(),
    archiveFinishCommand(),
    rangesCommand(),
    planCommand(),
    replayCommand(),
    statusCommand(),
    resultCommand(),
    drainCommand(),
    verifyCommand(),
    pauseCommand(),
    resumeCommand(),
    rateCommand(),
    cancelCommand(),
    offsetsCommand(),
    cleanCommand(),
    scheduleCommand(),
    registerCommand(),
    doctorCommand(),
    workerCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
    for (const below of command.commands) below.copyInheritedSettings(program);
  }
  // Its help is that of the script behind it.
  program.addCommand(stackCommand().copyInheritedSettings(program).helpOption(false));
  return program;
}
