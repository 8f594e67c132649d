import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { logTail } from './log-tail.ts';
import { messageOf, StackError } from './stack-error.ts';

/** A command that runs to its end, its output going to a log file. */
export interface Command {
  /** What it does, for the error message: `install kafka 4.3.1`. */
  purpose: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  logFile: string;
  signal?: AbortSignal | undefined;
}

/** @throws StackError with the end of the log where the command can't be started or ends with an error */
export async function runCommand(what: Command): Promise<void> {
  appendFileSync(what.logFile, `$ ${what.command} ${what.args.join(' ')}\n`);
  const log = openSync(what.logFile, 'a');
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(what.command, what.args, {
        stdio: ['ignore', log, log],
        env: { ...process.env, ...what.env },
        ...(what.signal === undefined ? {} : { signal: what.signal }),
      });
      child.once('error', (error) => {
        const reason = what.signal?.aborted ? 'it was interrupted' : messageOf(error);
        reject(new StackError(`Cannot ${what.purpose}: ${what.command}: ${reason}`, error));
      });
      child.once('exit', (code, signal) => {
        if (code === 0) resolve();
        else {
          const end = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
          reject(
            new StackError(
              `Cannot ${what.purpose}: ${what.command} ${end}. ${what.logFile}:\n${logTail(what.logFile)}`,
            ),
          );
        }
      });
    });
  } finally {
    closeSync(log);
  }
}
